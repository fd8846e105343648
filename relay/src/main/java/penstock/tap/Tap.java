package penstock.tap;

import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects like any subscriber, prints what it is sent, and checks that nothing is missing.
 *
 * <p>Runs on the thread that calls {@link #run}; messages come on threads of the JDK's client, one after the other.
 */
public final class Tap {
    /** All went well. */
    public static final int FINE = 0;
    /** The ledger broke, or the connection was lost or could not be made. */
    public static final int FAILED = 1;
    /** The request made no sense. */
    public static final int USAGE = 2;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int BAD_REQUEST = 400;

    private final TapOptions options;
    private final PrintStream out;
    private final TapPrinter printer;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Prints to {@code out}. */
    public Tap(final TapOptions options, final PrintStream out) {
        this.options = options;
        this.out = out;
        printer = new TapPrinter(out, options);
    }

    /** Connects and prints until a limit is reached, the other end closes or {@link #stop} is called; returns the exit code. */
    public int run() {
        final URI uri;
        try {
            uri = TapAddress.uri(options);
        } catch (final IllegalArgumentException e) {
            return say(e.getMessage(), USAGE);
        }
        final long startNs = System.nanoTime();
        final WebSocket socket;
        try {
            printer.header();
            socket = HttpClient.newHttpClient().newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT)
                .buildAsync(uri, new Messages()).join();
        } catch (final CompletionException e) {
            return say("cannot connect to " + uri + ": " + reason(e.getCause()), FAILED);
        }
        final String subscribe = TapAddress.subscribe(options);
        if (subscribe != null) {
            socket.sendText(subscribe, true);
        }
        final int code = await();
        hangUp(socket);
        return say(printer.summary((System.nanoTime() - startNs) / 1e9), printer.brokenCount() > 0 ? FAILED : code);
    }

    /** Ends {@link #run} from another thread, with its summary. */
    public void stop() {
        ended.complete(FINE);
    }

    private int await() {
        try {
            return options.limits().seconds() > 0 ? ended.get(options.limits().seconds(), TimeUnit.SECONDS) : ended.get();
        } catch (final TimeoutException e) {
            ended.complete(FINE);
            return ended.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return FINE;
        } catch (final ExecutionException e) {
            return say("failed: " + e.getCause(), FAILED);
        }
    }

    private void hangUp(final WebSocket socket) {
        if (!socket.isOutputClosed()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
        }
        try {
            closed.get(1, TimeUnit.SECONDS);
        } catch (final ExecutionException | TimeoutException e) {
            socket.abort();
        } catch (final InterruptedException e) {
            socket.abort();
            Thread.currentThread().interrupt();
        }
    }

    private int say(final String text, final int code) {
        out.println(text);
        out.flush();
        return code;
    }

    private static String reason(final Throwable cause) {
        if (cause instanceof WebSocketHandshakeException refused) {
            return "the server answered HTTP " + refused.getResponse().statusCode() + " instead of a WebSocket";
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? "no connection; is anything listening there?" : root.getMessage();
    }

    private final class Messages implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket socket, final CharSequence data, final boolean isLast) {
            message.append(data);
            if (isLast) {
                if (!ended.isDone() && printer.onMessage(message)) {
                    final int status = printer.refusedStatus();
                    ended.complete(status == 0 ? FINE : status == BAD_REQUEST ? USAGE : FAILED);
                }
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket socket, final int code, final String reason) {
            if (!ended.isDone()) {
                say("closed by the server: " + code + " (" + CloseMeaning.of(code) + ")" + (reason.isEmpty() ? "" : " " + reason), 0);
                ended.complete(code == WebSocket.NORMAL_CLOSURE ? FINE : FAILED);
            }
            closed.complete(null);
            return null;
        }

        @Override
        public void onError(final WebSocket socket, final Throwable error) {
            if (!ended.isDone()) {
                say("connection lost: " + (error.getMessage() == null ? error : error.getMessage()), 0);
                ended.complete(FAILED);
            }
            closed.complete(null);
        }
    }
}
