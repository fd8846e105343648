package penstock.bench.load.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import penstock.websocket.ProtocolException;

/** Hundreds of sessions on one selector thread. {@link #failures} lists what failed. */
public final class LoadClient implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final List<LoadSession> sessions = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] scratch = new byte[BUFFER_BYTES];
    private final EntryScan scan = new EntryScan();
    private final SelectorThread thread;

    public LoadClient(final String name) throws IOException {
        thread = new SelectorThread(name, key -> read((LoadSession) key.attachment()), () -> 0, () -> { });
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
        return thread.ask(question);
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
        thread.close();
        for (final LoadSession session : sessions) {
            session.channel.close();
        }
    }

    private LoadSession open(final int port, final int receiveBytes, final LatencyWindow direct,
            final SubscriptionStats... streams) throws IOException {
        final SocketChannel channel = SelectorThread.newChannel(receiveBytes);
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.configureBlocking(false);
        final LoadSession session = new LoadSession(channel, scan, scratch, direct, streams);
        sessions.add(session);
        session.upgrade();
        return ask(() -> {
            try {
                session.key = thread.register(channel, SelectionKey.OP_READ, session);
                return session;
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        });
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
            failures.add(thread.name() + ": " + e);
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
