package penstock.replay;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.websocket.CloseCode;

/**
 * A venue on loopback: a real WebSocket server that plays a {@link FeedScript} to any number of clients, on any path.
 *
 * <p>Nothing is dropped and nothing is buffered without bound: when one client has {@link #PENDING_MARK_BYTES} waiting,
 * the script rests until that client's socket has taken them. The hooks ({@link #dropConnections},
 * {@link #closeConnections}, {@link #stop}, {@link #silent}, {@link #sendRaw} …) play the faults of real venues; they
 * may be called from any thread but the server's own and return when it is done.
 *
 * <p>Connections are owned by the server's one io thread; start, stop and close by the thread that made it.
 */
public final class FeedServer implements AutoCloseable {
    /**
     * Waiting bytes of one client at which the script rests; half of a common second-level cache, so that what is
     * queued is written while warm.
     */
    static final int PENDING_MARK_BYTES = 256 * 1024;
    private static final String HOST = "127.0.0.1";
    private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long HANG_UP_MS = 2_000;
    private static final long CALL_SECONDS = 20;
    private static final long RESTART_NS = TimeUnit.SECONDS.toNanos(2);

    private final FeedScript script;
    private final XnioWorker worker;
    private final XnioIoThread ioThread;
    private final List<FeedServerConnection> connections = new ArrayList<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] scratch = new byte[64 * 1024];
    private final FeedScript.Outlet outlet = new Pressure();
    private Undertow undertow;
    private int port;
    private volatile boolean silent;
    private volatile int clientCount;
    private XnioExecutor.Key timer;
    private long timerDueNs = FeedScript.NEVER;
    private CompletableFuture<Void> emptied;

    private FeedServer(final FeedScript script) throws IOException {
        this.script = script;
        worker = Xnio.getInstance(FeedServer.class.getClassLoader()).createWorker(OptionMap.builder()
            .set(Options.WORKER_NAME, "venue")
            .set(Options.WORKER_IO_THREADS, 1)
            .set(Options.WORKER_TASK_CORE_THREADS, 1)
            .set(Options.WORKER_TASK_MAX_THREADS, 1)
            .set(Options.THREAD_DAEMON, true)
            .getMap());
        ioThread = worker.getIoThread();
    }

    /** Listens on loopback; port 0 takes a free one. */
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
            throw new UncheckedIOException("cannot make an io thread for the feed server", e);
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
        return clientCount;
    }

    /** Listens again, on the same port, after {@link #stop}. */
    public void restart() {
        if (undertow != null) {
            throw new IllegalStateException("the feed server on port " + port + " is running; stop it first");
        }
        silent = false;
        listen(port, RESTART_NS);
    }

    /**
     * Stops listening, sends Close 1001 to every client and hangs up: at once with those who answer, after 2 s with the
     * others.
     */
    public void stop() {
        stopListening();
        final CompletableFuture<Void> gone = new CompletableFuture<>();
        call(() -> {
            emptied = gone;
            forEach(connection -> connection.close(CloseCode.GOING_AWAY, "feed server stops"));
            completeWhenEmpty();
        });
        try {
            gone.get(HANG_UP_MS, TimeUnit.MILLISECONDS);
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
        worker.shutdownNow();
        try {
            worker.awaitTermination(HANG_UP_MS, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cuts every connection without a Close frame; goes on listening. */
    public void dropConnections() {
        call(() -> forEach(FeedServerConnection::drop));
    }

    /** Sends a Close frame to every client and hangs up; goes on listening. */
    public void closeConnections(final int code, final String reason) {
        call(() -> forEach(connection -> connection.close(code, reason)));
    }

    /**
     * {@code true}: sends nothing more, not even a pong, and keeps the connections open; {@code false}: goes on from
     * where it was.
     */
    public void silent(final boolean isSilent) {
        call(() -> {
            silent = isSilent;
            turn();
        });
    }

    /** Sends one text frame to every client, besides what the script sends. */
    public void sendText(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        call(() -> {
            forEach(connection -> connection.send(bytes, 0, bytes.length));
            turn();
        });
    }

    /** Sends bytes as they are to every client, frame or not. */
    public void sendRaw(final byte[] bytes) {
        call(() -> {
            forEach(connection -> connection.sendRaw(bytes));
            turn();
        });
    }

    void onUpgraded(final StreamConnection channel, final String path) {
        final FeedServerConnection connection = new FeedServerConnection(this, channel, path, readBuffer, scratch);
        connections.add(connection);
        clientCount = connections.size();
        connection.open();
        script.onOpen(connection, System.nanoTime());
        turn();
    }

    void onText(final FeedServerConnection connection, final byte[] buffer, final int offset, final int length) {
        script.onText(connection, buffer, offset, length);
    }

    void onLife(final FeedServerConnection connection, final boolean isPong) {
        script.onLife(connection, isPong);
    }

    void onClosed(final FeedServerConnection connection) {
        if (connections.remove(connection)) {
            clientCount = connections.size();
            script.onClosed(connection, System.nanoTime());
            completeWhenEmpty();
        }
    }

    boolean isSilent() {
        return silent;
    }

    /** Hangs up with a client that has not answered our Close frame. */
    void hangUpLater(final FeedServerConnection connection) {
        ioThread.executeAfter(connection::drop, HANG_UP_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Lets the script send for at most one slice, writes, and sees to it that there is a next turn when one is wanted.
     */
    void turn() {
        if (silent) {
            return;
        }
        long nowNs = System.nanoTime();
        final long sliceEndNs = nowNs + SLICE_NS;
        long nextNs;
        do {
            nextNs = script.onTurn(nowNs, outlet);
            forEach(FeedServerConnection::flush);
            nowNs = System.nanoTime();
        } while (nextNs <= nowNs && nowNs < sliceEndNs && outlet.hasRoom());
        // without room the socket that is full brings the next turn
        final boolean hasRoom = outlet.hasRoom();
        final long dueNs = hasRoom ? nextNs : script.dueNs();
        if (dueNs == FeedScript.NEVER) {
            return; // the next message brings it
        }
        if (dueNs > nowNs || !hasRoom || connections.isEmpty()) {
            turnAt(dueNs, nowNs);
        } else {
            connections.get(0).wakeWhenWritable(); // by the selector, so that the others are read in between
        }
    }

    private void turnAt(final long dueNs, final long nowNs) {
        if (timer != null) {
            if (timerDueNs <= dueNs) {
                return;
            }
            timer.remove();
        }
        timerDueNs = dueNs;
        final long delayMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(dueNs - nowNs + 999_999));
        timer = ioThread.executeAfter(this::onTimer, delayMs, TimeUnit.MILLISECONDS);
    }

    private void onTimer() {
        timer = null;
        timerDueNs = FeedScript.NEVER;
        turn();
    }

    private void listen(final int wantedPort, final long patienceNs) {
        final long giveUpNs = System.nanoTime() + patienceNs;
        while (true) {
            final Undertow host = Undertow.builder()
                .setWorker(worker)
                .addHttpListener(wantedPort, HOST, new FeedHandshake(this))
                .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                .build();
            try {
                host.start();
                undertow = host;
                port = ((InetSocketAddress) host.getListenerInfo().get(0).getAddress()).getPort();
                return;
            } catch (final RuntimeException e) {
                // our own listener of before leaves the port only when its selector has run once more
                if (System.nanoTime() >= giveUpNs) {
                    throw new IllegalStateException("cannot listen on " + HOST + ":" + wantedPort + ": "
                        + rootMessage(e)
                        + "; choose another port or end the program that has it", e);
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

    private void completeWhenEmpty() {
        if (emptied != null && connections.isEmpty()) {
            emptied.complete(null);
            emptied = null;
        }
    }

    /** Backwards, because a connection that fails takes itself off the list. */
    private void forEach(final Consumer<FeedServerConnection> action) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            action.accept(connections.get(i));
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

    private final class Pressure implements FeedScript.Outlet {
        @Override
        public boolean hasRoom() {
            for (int i = 0; i < connections.size(); i++) {
                if (connections.get(i).pendingBytes() >= PENDING_MARK_BYTES) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean isDrained() {
            for (int i = 0; i < connections.size(); i++) {
                if (connections.get(i).pendingBytes() > 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
