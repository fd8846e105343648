package penstock.bench.load.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import penstock.bench.load.rig.RigClock;

/** One thread that serves many sockets, and runs what other threads ask of it. Started and closed by one thread. */
final class SelectorThread implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Consumer<SelectionKey> onReady;
    private final LongSupplier maxWaitMs;
    private final Runnable onTurn;
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * Not started.
     *
     * @param onReady   serves a socket
     * @param maxWaitMs how long to wait for a socket; 0 = without end
     * @param onTurn    runs after the sockets and tasks of a turn
     */
    SelectorThread(final String name, final Consumer<SelectionKey> onReady, final LongSupplier maxWaitMs,
            final Runnable onTurn) throws IOException {
        this.onReady = onReady;
        this.maxWaitMs = maxWaitMs;
        this.onTurn = onTurn;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** A socket that is not connected; {@code receiveBytes} 0 = the system's receive buffer. */
    static SocketChannel newChannel(final int receiveBytes) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        if (receiveBytes > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
        }
        return channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    void start() {
        thread.start();
    }

    String name() {
        return thread.getName();
    }

    /** Runs the task on this thread, later. */
    void execute(final Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Runs the question on this thread, and waits for the answer. */
    <T> T ask(final Supplier<T> question) {
        final CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> {
            try {
                answer.complete(question.get());
            } catch (final RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.join();
    }

    /** On this thread. */
    SelectionKey register(final SocketChannel channel, final int operations, final Object session) throws IOException {
        return channel.register(selector, operations, session);
    }

    /** Ends the thread; the sockets stay open. */
    @Override
    public void close() throws IOException {
        stopped = true;
        selector.wakeup();
        RigClock.join(thread);
        selector.close();
    }

    private void run() {
        try {
            while (!stopped) {
                selector.select(onReady, maxWaitMs.getAsLong());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                onTurn.run();
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
