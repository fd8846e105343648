package penstock.tap;

import java.io.PrintStream;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import penstock.client.ClientOptions;
import penstock.client.socket.ClientTransport;
import penstock.client.socket.JdkTransport;
import penstock.text.Address;
import penstock.wire.Mode;

/**
 * Subscribes by the client in Java, prints the messages, and says whether an update is missing.
 *
 * <p>Runs on the thread that calls {@link #run}; a thread of its own prints.
 */
public final class Tap {
    /** Success. */
    public static final int FINE = 0;
    /** The ledger was broken, the connection failed, or a run with an end of its own brought no value. */
    public static final int FAILED = 1;
    /** The request was invalid. */
    public static final int USAGE = 2;
    /** How long a close may take: a second for the answer of the server, which is all that the transport waits. */
    static final int CLOSE_SECONDS = 2;
    private static final int STOPPED = -1;

    private final TapOptions options;
    private final String token;
    private final TapPrinter printer;
    private final HttpClient client;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    /** Prints to {@code out} what anyone may see; trusts the authorities of the JVM. */
    public Tap(final TapOptions options, final PrintStream out) {
        this(options, null, out, HttpClient.newHttpClient());
    }

    /** {@code token} is for relays that ask for one, null without; connects through {@code client}. */
    Tap(final TapOptions options, final String token, final PrintStream out, final HttpClient client) {
        this.client = client;
        this.options = options;
        this.token = token;
        printer = new TapPrinter(out, options);
    }

    /**
     * Connects and prints until a limit is reached, the server closes or {@link #stop} is called; returns the exit
     * code.
     */
    public int run() {
        final TapTarget target;
        try {
            target = TapAddress.target(options);
        } catch (final IllegalArgumentException e) {
            return print(e.getMessage(), USAGE);
        }
        final long startNs = System.nanoTime();
        if (options.limits().seconds() > 0) {
            ended.completeOnTimeout(STOPPED, options.limits().seconds(), TimeUnit.SECONDS);
        }
        printer.header();
        final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            final Thread made = new Thread(task, "tap");
            made.setDaemon(true);
            return made;
        });
        final TapLink link = link(target, thread);
        link.begin();
        final int code = await();
        // stopped while disconnected
        final int exitCode = code != STOPPED ? code : link.isOpen() ? FINE : FAILED;
        link.close();
        thread.shutdown();
        if (link.wasOpen()) {
            return print(printer.summary((System.nanoTime() - startNs) / 1e9),
                exitCode == FINE && isFailed() ? FAILED : exitCode);
        }
        return code != STOPPED ? exitCode
            : print("cannot connect to " + new Address(target.address().toString()) + ": no answer in time", FAILED);
    }

    private TapLink link(final TapTarget target, final ExecutorService thread) {
        // in the header, because a relay answers that before there is a session
        final JdkTransport sockets = new JdkTransport(client);
        final ClientTransport transport = token == null ? sockets : sockets.header("Authorization", "Bearer " + token);
        return options.isRaw() ? new RawSession(target.address(), transport, printer, ended::complete)
            : new TapSession(target, options, printer, ClientOptions.on(thread).transport(transport),
            ended::complete);
    }

    /** A script that limits a run waits for values. */
    private boolean isFailed() {
        final boolean isLimited = options.limits().count() > 0 || options.limits().seconds() > 0
            || options.subscription().mode() == Mode.ONCE;
        return printer.brokenCount() > 0 || isLimited && printer.updateCount() == 0;
    }

    /** Ends {@link #run} from another thread, with its summary. */
    public void stop() {
        ended.complete(STOPPED);
    }

    /** What ended it; an interrupt stops the tap. */
    private int await() {
        try {
            return ended.get();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return STOPPED;
        } catch (final ExecutionException e) {
            throw new IllegalStateException("nothing completes it so", e);
        }
    }

    private int print(final String text, final int code) {
        printer.print(text);
        return code;
    }
}
