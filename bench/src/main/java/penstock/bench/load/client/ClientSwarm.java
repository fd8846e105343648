package penstock.bench.load.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.RigClock;
import penstock.bench.tls.TlsBuffers;

/**
 * Thousands of sessions on one selector thread, cheap per update, so that the server is what is measured on the same
 * cores. {@link #failures} lists what failed. Opened, asked and closed by the scenario's thread; its own thread owns
 * sessions and statistics.
 */
public final class ClientSwarm implements AutoCloseable {
    /** Connections being opened at a time: less than the backlog of any server. */
    private static final int MAX_CONNECTING = 100;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int MAX_FAILURES = 20;
    private static final long SLOW_TURN_MS = 10;
    private static final int TURNS_PER_SECOND = 100;

    private final List<SwarmSession> sessions = new ArrayList<>();
    private final List<SwarmSession> slow = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final SwarmState state = new SwarmState();
    private final AtomicInteger gone = new AtomicInteger();
    private final FrameReader reader;
    private final TlsBuffers buffers = new TlsBuffers();
    private final SelectorThread thread;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long slowDueNs;

    /** Reads the updates of {@link PacedFeed}. */
    public ClientSwarm(final String name) throws IOException {
        this(name, new UpdateScan());
    }

    /** Reads frames with this reader. */
    public ClientSwarm(final String name, final FrameReader reader) throws IOException {
        this.reader = reader;
        thread = new SelectorThread(name, this::onReady, () -> slow.isEmpty() ? 0 : SLOW_TURN_MS, this::readSlowly);
        thread.start();
    }

    /** Opens sessions, a hundred at a time, and returns when all are open or have failed. */
    public List<SwarmSession> open(final int port, final int count, final IntFunction<ClientOptions> options)
            throws IOException {
        return open(port, count, MAX_CONNECTING, options);
    }

    /**
     * Opens sessions without waiting for one before the next, as long as at most {@code maxConnecting} are connecting.
     */
    public List<SwarmSession> open(final int port, final int count, final int maxConnecting,
            final IntFunction<ClientOptions> options) throws IOException {
        final int before = state.openedCount() + gone.get();
        final List<SwarmSession> group = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            final int limit = i - maxConnecting;
            if (limit >= 0 && state.openedCount() + gone.get() - before < limit) {
                RigClock.await("opening of sessions", 60, () -> state.openedCount() + gone.get() - before >= limit
                    + maxConnecting / 2);
            }
            group.add(connect(port, options.apply(i)));
        }
        RigClock.await("opening of " + count + " sessions", 60,
            () -> state.openedCount() + gone.get() - before >= count);
        return group;
    }

    /** Stops and starts reading. */
    public void pause(final Collection<SwarmSession> paused, final boolean isPaused) {
        ask(() -> {
            paused.stream().filter(session -> !session.isGone)
                .forEach(session -> session.key.interestOps(isPaused ? 0 : SelectionKey.OP_READ));
            return null;
        });
    }

    /** Closes these connections without counting them as failures. */
    public void drop(final Collection<SwarmSession> dropped) {
        ask(() -> {
            dropped.forEach(this::cut);
            sessions.removeAll(new HashSet<>(dropped));
            slow.removeAll(dropped);
            return null;
        });
    }

    /** Runs a question on the swarm's thread, which opens and reads statistics. */
    public <T> T ask(final Supplier<T> question) {
        return thread.ask(question);
    }

    /** Opens the windows of several statistics together. */
    public void openWindows(final long fromNs, final long toNs, final UpdateStats... allStats) {
        ask(() -> {
            for (final UpdateStats stats : allStats) {
                stats.open(fromNs, toNs);
            }
            return null;
        });
    }

    /** Why sessions failed: the first reasons. */
    public List<String> failures() {
        return failures;
    }

    /** Number of sessions that failed or that the server closed. */
    public int goneCount() {
        return gone.get();
    }

    @Override
    public void close() throws IOException {
        thread.close();
        for (final SwarmSession session : sessions) {
            session.channel().close();
        }
    }

    private SwarmSession connect(final int port, final ClientOptions options) throws IOException {
        final SocketChannel channel = SelectorThread.newChannel(options.receiveBytes());
        channel.configureBlocking(false);
        final SwarmSession session = new SwarmSession(state, reader, channel, options, buffers);
        thread.execute(() -> {
            sessions.add(session);
            try {
                session.key = thread.register(channel, SelectionKey.OP_CONNECT, session);
                if (channel.connect(new InetSocketAddress("127.0.0.1", port))) {
                    connected(session);
                }
            } catch (final IOException e) {
                failed(session, e);
            }
        });
        return session;
    }

    private void connected(final SwarmSession session) throws IOException {
        session.connected();
        session.key.interestOps(SelectionKey.OP_READ);
    }

    private void onReady(final SelectionKey key) {
        final SwarmSession session = (SwarmSession) key.attachment();
        try {
            if (key.isConnectable()) {
                session.channel().finishConnect();
                connected(session);
            } else if (session.options.bytesPerSecond() == 0 || !session.isOpen) {
                read(session, Integer.MAX_VALUE);
            } else {
                key.interestOps(0);
                slow.add(session);
            }
        } catch (final IOException | RuntimeException e) {
            failed(session, e);
        }
    }

    private void readSlowly() {
        final long nowNs = System.nanoTime();
        if (slow.isEmpty() || nowNs < slowDueNs) {
            return;
        }
        slowDueNs = nowNs + SLOW_TURN_MS * 1_000_000;
        for (int i = slow.size() - 1; i >= 0; i--) {
            final SwarmSession session = slow.get(i);
            try {
                read(session, Math.max(1, session.options.bytesPerSecond() / TURNS_PER_SECOND));
            } catch (final IOException | RuntimeException e) {
                failed(session, e);
                slow.remove(i);
            }
        }
    }

    private void read(final SwarmSession session, final int mostBytes) throws IOException {
        buffer.clear();
        session.putTail(buffer);
        if (!buffer.hasRemaining()) {
            buffer = ByteBuffer.allocateDirect(2 * buffer.capacity()).put(buffer.flip());
        }
        buffer.limit((int) Math.min(buffer.capacity(), (long) buffer.position() + mostBytes));
        if (!session.read(buffer)) {
            throw new IOException("the server hung up");
        }
        session.received(buffer.flip(), System.nanoTime());
    }

    private void failed(final SwarmSession session, final Exception why) {
        if (!session.isGone) {
            gone.incrementAndGet();
            if (failures.size() < MAX_FAILURES) {
                failures.add(thread.name() + ": " + why);
            }
            if (session.isOpen) {
                state.onOpenLost();
            }
            cut(session);
        }
    }

    private void cut(final SwarmSession session) {
        session.isGone = true;
        try {
            session.channel().close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
