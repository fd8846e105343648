package penstock.replay;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.websocket.CloseCode;

/**
 * A venue on loopback: a real WebSocket server that plays a {@link FeedScript} to any number of clients, on any path.
 *
 * <p>The hooks ({@link #dropConnections}, {@link #closeConnections}, {@link #stop}, {@link #silent}, {@link #sendRaw}
 * …) simulate the faults of real venues. Any thread but the server's own may call them; they return when the fault has
 * happened.
 *
 * <p>Started, stopped and closed by the thread that created it; connections are owned by the server's one io thread.
 */
public final class FeedServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final long CALL_SECONDS = 20;
    private static final long RESTART_NS = TimeUnit.SECONDS.toNanos(2);

    private final XnioWorker worker;
    private final XnioIoThread ioThread;
    private final FeedPlayer player;
    private Undertow undertow;
    private int port;

    private FeedServer(final FeedScript script) throws IOException {
        worker = Xnio.getInstance(FeedServer.class.getClassLoader()).createWorker(OptionMap.builder()
            .set(Options.WORKER_NAME, "venue")
            .set(Options.WORKER_IO_THREADS, 1)
            .set(Options.WORKER_TASK_CORE_THREADS, 1)
            .set(Options.WORKER_TASK_MAX_THREADS, 1)
            .set(Options.THREAD_DAEMON, true)
            .getMap());
        ioThread = worker.getIoThread();
        player = new FeedPlayer(script, ioThread);
    }

    /** Listens on loopback; port 0 selects a free port. */
    public static FeedServer start(final int port, final FeedScript script) {
        try {
            final FeedServer server = new FeedServer(script);
            try {
                server.listen(port, 0);
                return server;
            } catch (final RuntimeException e) {
                server.worker.shutdownNow();
                throw e;
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot create an io thread for the feed server", e);
        }
    }

    /** The port it listens on; the same after {@link #restart}. */
    public int port() {
        return port;
    }

    /** {@code ws://127.0.0.1:PORT} and the path. */
    public String url(final String path) {
        return "ws://" + HOST + ":" + port + path;
    }

    /** Clients that are connected now. */
    public int clientCount() {
        return player.clientCount();
    }

    boolean isSilent() {
        return player.isSilent();
    }

    /** Listens again, on the same port, after {@link #stop}. */
    public void restart() {
        if (undertow != null) {
            throw new IllegalStateException("the feed server on port " + port + " is running; stop it first");
        }
        silent(false);
        listen(port, RESTART_NS);
    }

    /**
     * Stops listening, sends Close 1001 to every client and hangs up: at once on clients that answer, after 2 s on the
     * others.
     */
    public void stop() {
        stopListening();
        final CompletableFuture<Void> gone = new CompletableFuture<>();
        call(() -> player.closeAll(CloseCode.GOING_AWAY, "feed server stops", gone));
        try {
            gone.get(FeedServerConnection.HANG_UP_MS, TimeUnit.MILLISECONDS);
        } catch (final Exception e) {
            dropConnections();
        }
    }

    /** Stops listening and cuts every connection without a Close frame, as a crashed venue does. */
    public void kill() {
        stopListening();
        dropConnections();
    }

    /** Stops, and ends the thread. */
    @Override
    public void close() {
        if (worker.isShutdown()) {
            return;
        }
        stop();
        call(player::end);
        worker.shutdownNow();
        try {
            worker.awaitTermination(FeedServerConnection.HANG_UP_MS, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cuts every connection without a Close frame; continues to listen. */
    public void dropConnections() {
        call(() -> player.forEach(FeedServerConnection::drop));
    }

    /** Sends a Close frame to every client and hangs up; continues to listen. */
    public void closeConnections(final int code, final String reason) {
        call(() -> player.forEach(connection -> connection.close(code, reason)));
    }

    /**
     * {@code true}: sends nothing more, not even a pong, and keeps the connections open; {@code false}: continues from
     * there.
     */
    public void silent(final boolean isSilent) {
        call(() -> player.silent(isSilent));
    }

    /** Sends one text frame to every client, in addition to the frames of the script. */
    public void sendText(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        call(() -> {
            player.forEach(connection -> connection.send(bytes, 0, bytes.length));
            player.turn();
        });
    }

    /** Sends bytes as they are to every client, frame or not. */
    public void sendRaw(final byte[] bytes) {
        call(() -> {
            player.forEach(connection -> connection.sendRaw(bytes));
            player.turn();
        });
    }

    private void listen(final int listenPort, final long patienceNs) {
        final long deadlineNs = System.nanoTime() + patienceNs;
        while (true) {
            final Undertow host = Undertow.builder()
                .setWorker(worker)
                .addHttpListener(listenPort, HOST, new FeedHandshake(player::onUpgraded))
                .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                .build();
            try {
                host.start();
                undertow = host;
                port = ((InetSocketAddress) host.getListenerInfo().get(0).getAddress()).getPort();
                return;
            } catch (final RuntimeException e) {
                // the previous listener releases the port only after its selector has run once more
                if (System.nanoTime() >= deadlineNs) {
                    throw new IllegalStateException("cannot listen on " + HOST + ":" + listenPort + ": "
                        + rootMessage(e) + "; choose another port or end the program that uses it", e);
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static String rootMessage(final Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    private void stopListening() {
        if (undertow != null) {
            undertow.stop();
            undertow = null;
        }
    }

    private void call(final Runnable action) {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        ioThread.execute(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (final Throwable e) {
                done.completeExceptionally(e);
            }
        });
        done.orTimeout(CALL_SECONDS, TimeUnit.SECONDS).join();
    }
}
