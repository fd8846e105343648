package penstock.bench.load.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import penstock.bench.load.rig.RigClock;
import penstock.websocket.ProtocolException;

/** Hundreds of sessions on one selector thread. {@link #failures} lists what failed. */
public final class LoadClient implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Selector selector = Selector.open();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<LoadSession> sessions = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] scratch = new byte[BUFFER_BYTES];
    private final EntryScan scan = new EntryScan();
    private final Thread thread;
    private volatile boolean stopped;

    public LoadClient(final String name) throws IOException {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Connects one to the relay; {@code receiveBytes} 0 = the system's receive buffer. */
    public LoadSession open(final int port, final int receiveBytes, final SubscriptionStats... streams)
            throws IOException {
        return open(port, receiveBytes, null, streams);
    }

    /** Connects one to the feed itself. */
    public LoadSession openDirect(final int port, final LatencyWindow window) throws IOException {
        return open(port, 0, window);
    }

    /** Stops and starts reading. */
    public void pause(final List<LoadSession> paused, final boolean isPaused) {
        ask(() -> {
            paused.stream().filter(session -> !session.isGone)
                .forEach(session -> session.key.interestOps(isPaused ? 0 : SelectionKey.OP_READ));
            return null;
        });
    }

    /** Cuts one off. */
    public void drop(final LoadSession session) {
        ask(() -> {
            gone(session);
            return null;
        });
        sessions.remove(session);
    }

    /** Asks on the client's thread, where windows are opened and read. */
    public <T> T ask(final Supplier<T> question) {
        final CompletableFuture<T> answer = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                answer.complete(question.get());
            } catch (final RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        selector.wakeup();
        return answer.join();
    }

    public List<LoadSession> sessions() {
        return sessions;
    }

    public boolean isReady() {
        return !failures.isEmpty() || ask(() -> sessions.stream().allMatch(LoadSession::isReady));
    }

    public List<String> failures() {
        return failures;
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        selector.wakeup();
        RigClock.join(thread);
        for (final LoadSession session : sessions) {
            session.channel.close();
        }
        selector.close();
    }

    private LoadSession open(final int port, final int receiveBytes, final LatencyWindow direct,
            final SubscriptionStats... streams) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        if (receiveBytes > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
        }
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        final LoadSession session = new LoadSession(channel, scan, scratch, direct, streams);
        sessions.add(session);
        session.upgrade();
        return ask(() -> {
            try {
                session.key = channel.register(selector, SelectionKey.OP_READ, session);
                return session;
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void run() {
        while (!stopped) {
            try {
                selector.select();
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                for (final SelectionKey key : selector.selectedKeys()) {
                    read((LoadSession) key.attachment());
                }
                selector.selectedKeys().clear();
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void read(final LoadSession session) {
        try {
            buffer.clear();
            final int count = session.isGone ? 0 : session.channel.read(buffer);
            if (count < 0) {
                throw new IOException("the relay hung up");
            }
            session.received(buffer.flip(), System.nanoTime());
        } catch (final IOException | ProtocolException | RuntimeException e) {
            failures.add(thread.getName() + ": " + e);
            gone(session);
        }
    }

    private static void gone(final LoadSession session) {
        session.isGone = true;
        try {
            session.channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
