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
import penstock.client.socket.BackOff;
import penstock.text.Address;
import penstock.wire.Mode;
import penstock.wire.request.Resume;

/**
 * Connects like any subscriber, prints the messages, and checks that no update is missing. After a lost connection it
 * reconnects and resumes.
 *
 * <p>Runs on the thread that calls {@link #run}; threads of the JDK's client deliver messages, one at a time.
 */
public final class Tap {
    /** Success. */
    public static final int FINE = 0;
    /** The ledger was broken, the connection failed, or a run with an end of its own brought no value. */
    public static final int FAILED = 1;
    /** The request was invalid. */
    public static final int USAGE = 2;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final TapOptions options;
    private final String token;
    private final PrintStream out;
    private final TapPrinter printer;
    private final BackOff backOff = new BackOff();
    private final HttpClient client;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private boolean wasConnected;

    /** Prints to {@code out} what anyone may see; trusts the authorities of the JVM. */
    public Tap(final TapOptions options, final PrintStream out) {
        this(options, null, out, HttpClient.newHttpClient());
    }

    /** {@code token} is for relays that ask for one, null without; connects through {@code client}. */
    Tap(final TapOptions options, final String token, final PrintStream out, final HttpClient client) {
        this.client = client;
        this.options = options;
        this.token = token;
        this.out = out;
        printer = new TapPrinter(out, options);
    }

    /**
     * Connects and prints until a limit is reached, the server closes or {@link #stop} is called; returns the exit
     * code.
     */
    public int run() {
        final URI uri;
        try {
            uri = TapAddress.uri(options);
        } catch (final IllegalArgumentException e) {
            return print(e.getMessage(), USAGE);
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
            ? print(printer.summary((System.nanoTime() - startNs) / 1e9), code == FINE && isFailed() ? FAILED : code)
            : code;
    }

    /** A script that limits a run waits for values. */
    private boolean isFailed() {
        final boolean isLimited = options.limits().count() > 0 || options.limits().seconds() > 0
            || options.subscription().mode() == Mode.ONCE;
        return printer.brokenCount() > 0 || isLimited && printer.updateCount() == 0;
    }

    /** Ends {@link #run} from another thread, with its summary. */
    public void stop() {
        ended.complete(FINE);
    }

    /**
     * One connection from start to end, and the delay after it; returns the exit code, or -1 to connect again.
     */
    private int connect(final URI uri) {
        final Resume resume = printer.resume();
        final String subscribe = TapAddress.subscribe(options, resume);
        if (wasConnected) {
            printer.onReconnect(subscribe == null ? null : resume);
        }
        final TapConnection connection = new TapConnection(this::onMessage);
        final WebSocket socket;
        try {
            final WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
            if (token != null) {
                builder.header("Authorization", "Bearer " + token);
            }
            socket = builder.buildAsync(uri, connection).join();
        } catch (final CompletionException e) {
            final String text = "cannot connect to " + new Address(uri.toString()) + ": " + reason(e.getCause());
            return wasConnected && isRetryable(e.getCause()) ? retry(text, "") : print(text, FAILED);
        }
        wasConnected = true;
        if (subscribe != null) {
            socket.sendText(subscribe, true);
        }
        await(CompletableFuture.anyOf(ended, connection.ended()), 0);
        if (ended.isDone()) {
            connection.close(socket);
            return ended.join();
        }
        final TapConnection.End end = connection.ended().join();
        if (connection.isUseful()) {
            backOff.reset();
        }
        if (mayReconnect() && CloseMeaning.isReconnectable(end.code())) {
            return retry(end.text(), end.reason());
        }
        return print(end.text(), end.code() == WebSocket.NORMAL_CLOSURE ? FINE : FAILED);
    }

    /** A raw session, or one of mode once, cannot report what it missed while disconnected. */
    private boolean mayReconnect() {
        return options.isReconnecting() && !options.isRaw() && options.subscription().mode() != Mode.ONCE;
    }

    private int retry(final String text, final String closeReason) {
        final long delayMs = backOff.nextMs(ThreadLocalRandom.current().nextDouble(), BackOff.earliestMs(closeReason));
        print(text + "; next attempt in " + delayMs + " ms", 0);
        if (delayMs > 0) {
            await(ended, delayMs);
        }
        // stopped while disconnected
        return ended.isDone() ? FAILED : -1;
    }

    /** Waits for {@code event}, at most {@code atMostMs} if that is not 0; an interrupt stops the tap. */
    private void await(final CompletableFuture<?> event, final long atMostMs) {
        try {
            if (atMostMs > 0) {
                event.get(atMostMs, TimeUnit.MILLISECONDS);
            } else {
                event.get();
            }
        } catch (final TimeoutException e) {
            return;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        } catch (final ExecutionException e) {
            ended.complete(print("failed: " + e.getCause(), FAILED));
        }
    }

    private void onMessage(final CharSequence message) {
        if (!ended.isDone() && printer.onMessage(message)) {
            final int status = printer.rejectedStatus();
            ended.complete(status == 0 ? FINE : status == BAD_REQUEST ? USAGE : FAILED);
        }
    }

    private int print(final String text, final int code) {
        out.println(text);
        out.flush();
        return code;
    }

    private static boolean isRetryable(final Throwable cause) {
        return !(cause instanceof WebSocketHandshakeException refused)
            || refused.getResponse().statusCode() >= SERVER_ERROR;
    }

    private static String reason(final Throwable cause) {
        if (cause instanceof WebSocketHandshakeException refused && refused.getResponse().statusCode() == 401) {
            return "the server does not accept the key or token, or asks for one: --token-env names the environment "
                + "variable that has it";
        }
        if (cause instanceof WebSocketHandshakeException refused) {
            return "the server answered HTTP " + refused.getResponse().statusCode() + " instead of a WebSocket";
        }
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? "no connection; is a server listening there?" : root.getMessage();
    }
}
