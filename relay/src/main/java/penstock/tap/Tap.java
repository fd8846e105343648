package penstock.tap;

import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import penstock.wire.Mode;
import penstock.wire.request.Resume;

/**
 * Connects like any subscriber, prints what it is sent, and checks that nothing is missing. When the connection is lost
 * it comes back and goes on where it stopped.
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
    private static final int SERVER_ERROR = 500;

    private final TapOptions options;
    private final PrintStream out;
    private final TapPrinter printer;
    private final TapBackOff backOff = new TapBackOff();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private boolean wasConnected;

    /** Prints to {@code out}. */
    public Tap(final TapOptions options, final PrintStream out) {
        this.options = options;
        this.out = out;
        printer = new TapPrinter(out, options);
    }

    /**
     * Connects and prints until a limit is reached, the other end closes or {@link #stop} is called; returns the exit
     * code.
     */
    public int run() {
        final URI uri;
        try {
            uri = TapAddress.uri(options);
        } catch (final IllegalArgumentException e) {
            return say(e.getMessage(), USAGE);
        }
        final long startNs = System.nanoTime();
        if (options.limits().seconds() > 0) {
            ended.completeOnTimeout(FINE, options.limits().seconds(), TimeUnit.SECONDS);
        }
        printer.header();
        int code = connect(uri);
        while (code < 0) {
            code = connect(uri);
        }
        return wasConnected
            ? say(printer.summary((System.nanoTime() - startNs) / 1e9), printer.brokenCount() > 0 ? FAILED : code)
            : code;
    }

    /** Ends {@link #run} from another thread, with its summary. */
    public void stop() {
        ended.complete(FINE);
    }

    /**
     * One connection from its begin to its end, and the wait behind it; the exit code, or -1 when there is to be
     * another.
     */
    private int connect(final URI uri) {
        final Resume resume = printer.resume();
        final String subscribe = TapAddress.subscribe(options, resume);
        if (wasConnected) {
            printer.onReturn(subscribe == null ? null : resume);
        }
        final TapConnection connection = new TapConnection(this::onMessage);
        final WebSocket socket;
        try {
            socket = client.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT).buildAsync(uri, connection).join();
        } catch (final CompletionException e) {
            final String text = "cannot connect to " + uri + ": " + reason(e.getCause());
            return wasConnected && isWorthAnother(e.getCause()) ? again(text, "") : say(text, FAILED);
        }
        wasConnected = true;
        if (subscribe != null) {
            socket.sendText(subscribe, true);
        }
        await(CompletableFuture.anyOf(ended, connection.ended()), 0);
        if (ended.isDone()) {
            connection.hangUp(socket);
            return ended.join();
        }
        final TapConnection.End end = connection.ended().join();
        if (connection.isOfUse()) {
            backOff.reset();
        }
        if (isStaying() && CloseMeaning.isToReturn(end.code())) {
            return again(end.text(), end.reason());
        }
        return say(end.text(), end.code() == WebSocket.NORMAL_CLOSURE ? FINE : FAILED);
    }

    /** What a client of raw payloads or of images only has missed can't be told. */
    private boolean isStaying() {
        return options.isStaying() && !options.isRaw() && options.terms().mode() != Mode.ONCE;
    }

    private int again(final String text, final String closeReason) {
        final long delayMs = backOff.delayMs(ThreadLocalRandom.current().nextDouble(), closeReason);
        say(text + "; next attempt in " + delayMs + " ms", 0);
        if (delayMs > 0) {
            await(ended, delayMs);
        }
        // it ends without a connection
        return ended.isDone() ? FAILED : -1;
    }

    /** Waits until something is over, at most {@code atMostMs} if that is not 0; being interrupted ends all. */
    private void await(final CompletableFuture<?> over, final long atMostMs) {
        try {
            if (atMostMs > 0) {
                over.get(atMostMs, TimeUnit.MILLISECONDS);
            } else {
                over.get();
            }
        } catch (final TimeoutException e) {
            return;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        } catch (final ExecutionException e) {
            ended.complete(say("failed: " + e.getCause(), FAILED));
        }
    }

    private void onMessage(final CharSequence message) {
        if (!ended.isDone() && printer.onMessage(message)) {
            final int status = printer.refusedStatus();
            ended.complete(status == 0 ? FINE : status == BAD_REQUEST ? USAGE : FAILED);
        }
    }

    private int say(final String text, final int code) {
        out.println(text);
        out.flush();
        return code;
    }

    private static boolean isWorthAnother(final Throwable cause) {
        return !(cause instanceof WebSocketHandshakeException refused)
            || refused.getResponse().statusCode() >= SERVER_ERROR;
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
}
