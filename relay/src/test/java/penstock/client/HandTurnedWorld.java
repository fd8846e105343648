package penstock.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import penstock.client.socket.ClientPlatform;
import penstock.client.socket.ClientTransport;

/** A world for one client: its clock, its timers, its frames and its sockets are turned by hand. One thread. */
final class HandTurnedWorld implements ClientPlatform, ClientTransport {
    /** What {@link #random} gives. */
    double random = 0.5;
    /** All that were opened, the newest one last. */
    final List<Socket> sockets = new ArrayList<>();
    private final List<Timer> timers = new ArrayList<>();
    private final List<Runnable> frames = new ArrayList<>();
    private long nowMs = 1_795_231_181_330L;

    private record Timer(long atMs, Runnable task) {
    }

    /** A connection: what the client sent on it, and whether it closed it. */
    static final class Socket implements Connection {
        final List<String> sent = new ArrayList<>();
        final List<String> subprotocols;
        final Events events;
        CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);
        boolean isOpen;
        boolean isClosed;

        Socket(final List<String> subprotocols, final Events events) {
            this.subprotocols = subprotocols;
            this.events = events;
        }

        @Override
        public void send(final String text) {
            if (!isOpen) {
                throw new AssertionError("a message before the handshake is over: " + text);
            }
            sent.add(text);
        }

        @Override
        public CompletionStage<Void> close(final int code) {
            isClosed = true;
            return gone;
        }
    }

    @Override
    public Connection open(final URI address, final List<String> subprotocols, final Events events) {
        sockets.add(new Socket(subprotocols, events));
        return socket();
    }

    Socket socket() {
        return sockets.get(sockets.size() - 1);
    }

    void accept() {
        socket().isOpen = true;
        socket().events.onOpen();
    }

    void receive(final String text) {
        socket().events.onText(text, () -> { });
    }

    void close(final int code, final String reason) {
        socket().isOpen = false;
        socket().events.onClose(code, reason);
    }

    /** Time passes, and timers run when they are due. */
    void pass(final long ms) {
        final long endMs = nowMs + ms;
        for (Timer next = due(endMs); next != null; next = due(endMs)) {
            nowMs = Math.max(nowMs, next.atMs);
            next.task.run();
        }
        nowMs = endMs;
    }

    private Timer due(final long endMs) {
        final Timer next = timers.stream().filter(timer -> timer.atMs <= endMs)
            .min(Comparator.comparingLong(Timer::atMs)).orElse(null);
        timers.removeIf(timer -> timer == next);
        return next;
    }

    /** Time passes, and no timer runs: the machine sleeps. */
    void sleep(final long ms) {
        nowMs += ms;
    }

    /** Frames that wait are shown. */
    void paint() {
        final List<Runnable> waiting = List.copyOf(frames);
        frames.clear();
        waiting.forEach(Runnable::run);
    }

    /** Whether no timer waits. */
    boolean isIdle() {
        return timers.isEmpty();
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public double random() {
        return random;
    }

    @Override
    public Runnable after(final long ms, final Runnable task) {
        final Timer timer = new Timer(nowMs + ms, task);
        timers.add(timer);
        return () -> timers.removeIf(each -> each == timer);
    }

    @Override
    public void frame(final Runnable task) {
        frames.add(task);
    }

    @Override
    public void close() {
        // timers that the client has not ended would show
    }
}
