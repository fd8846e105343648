package penstock.tap;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import penstock.tls.RemoteOptions;
import penstock.wire.ChannelName;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine;

/**
 * {@code tap}: prints the messages that a subscriber receives.
 *
 * <p>Owned by the main thread.
 */
@Command(name = "tap", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Print the messages that a subscriber receives.",
    description = {"",
        "Subscribes to a relay and prints one line per value: time, symbol, q (sequence), c (earlier updates conflated "
            + "into this one), state, value. It checks the ledger (q - previous q = c + 1) and reports missing "
            + "updates. With --delta, or --depth of a book, it applies the changes and prints the result. If the "
            + "connection is lost it reconnects and resumes.",
        "",
        "Exit code: 0 no update is missing; 1 an update is missing, the connection failed, or no value came in a run "
            + "with --seconds, --count or --mode once; 2 wrong usage.", ""},
    footer = {"", "Examples:",
        "  scripts/relay tap localhost:8080 --symbols 'EURUSD,GBP*'",
        "  scripts/relay tap ws://localhost:8080 --symbols '*' --interval 1000 --seconds 10",
        "  scripts/relay tap localhost:8080 --symbols EURUSD --fields bid --delta --explain",
        "  scripts/relay tap ws://localhost:8080 --symbols BTCUSD --raw --count 5",
        "  scripts/relay tap wss://quotes.internal:8443 --ca authority.pem"})
public final class TapCommand implements Callable<Integer> {
    private static final int MAX_INTERVAL_MS = 60_000;

    @Parameters(paramLabel = "URL",
        description =
            "the relay: ws, wss, http or https address, or HOST:PORT. Without a path: /v1/ws, with --raw /v1/raw")
    private String url;

    @Option(names = "--symbols", paramLabel = "LIST", split = ",",
        description =
            "names and globs, separated by commas; protect the * from the shell by quotes. Default: all, or those "
                + "in the query of the URL")
    private List<String> symbols = List.of();

    @Option(names = "--feed", paramLabel = "NAME",
        description = "one of several feeds of the relay. Default: the first")
    private String feed;

    @Option(names = "--channel", paramLabel = "NAME",
        description = "kind of data. Default: the feed's default channel")
    private String channel;

    @Option(names = "--interval", paramLabel = "MS",
        description =
            "at most one update per symbol and interval, in ms, 0 to 60000; 0 = as fast as it is read. Default: "
                + "the relay's")
    private Integer interval;

    @Option(names = "--mode", paramLabel = "MODE",
        description =
            "conflate: the newest value; all: every update; once: the values now, then end. Default: the channel's")
    private String mode;

    @Option(names = "--fields", paramLabel = "LIST", split = ",",
        description = "names of fields, separated by commas. Default: all")
    private List<String> fields;

    @Option(names = "--delta", description = "receive only changes; prints the resulting value")
    private boolean isDelta;

    @Option(names = "--depth", paramLabel = "N",
        description = "the best N levels of each side of a book; prints the book")
    private Integer depth;

    @Option(names = "--max-rate", paramLabel = "N", description = "at most N updates per second")
    private Integer maxRate;

    @Option(names = "--max-bytes", paramLabel = "N", description = "at most N bytes per second")
    private Long maxBytes;

    @Option(names = "--raw", description = "print the venue's payloads and nothing else")
    private boolean isRaw;

    @Option(names = "--verbose", description = "print heartbeats too")
    private boolean isVerbose;

    @Option(names = "--explain",
        description = "print heartbeats too, and after each message a sentence that explains it")
    private boolean isExplained;

    @Option(names = "--no-reconnect", description = "end when the connection is lost")
    private boolean isSingleConnection;

    @Mixin
    private RemoteOptions remote;

    @Option(names = "--count", paramLabel = "N", description = "end after N values")
    private long count;

    @Option(names = "--seconds", paramLabel = "N", description = "end after N seconds")
    private long seconds;

    @Spec
    private CommandSpec spec;

    private final OutputStream out;

    /** Created by the command line: prints to standard output. */
    public TapCommand() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    /** Prints to {@code out}. */
    public TapCommand(final OutputStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        check(interval == null || interval >= 0 && interval <= MAX_INTERVAL_MS,
            "--interval must be 0 to 60000 ms, got " + interval);
        check(count >= 0, "--count must be 1 or more, got " + count);
        check(seconds >= 0, "--seconds must be 1 or more, got " + seconds);
        check(mode == null || List.of("conflate", "all", "once").contains(mode),
            "--mode must be conflate, all or once, got '" + mode + "'");
        check(depth == null || depth > 0, "--depth must be 1 or more, got " + depth);
        check(maxRate == null || maxRate > 0, "--max-rate must be 1 or more, got " + maxRate);
        check(maxBytes == null || maxBytes > 0, "--max-bytes must be 1000 or more, got " + maxBytes);
        check(!isRaw || !isVerbose && !isExplained, "--raw prints payloads only; leave out --verbose and --explain");
        check(!isRaw || fields == null && !isDelta && depth == null,
            "--raw prints payloads as the upstream sent them; leave out --fields, --delta and --depth");
        // buffered, and flushed per message: a flush per line costs a system call each
        final PrintStream printed = new PrintStream(out, false, StandardCharsets.UTF_8);
        final Tap tap = new Tap(options(), remote.token(), printed, remote.client(HttpClient.newBuilder()));
        final CountDownLatch ended = new CountDownLatch(1);
        final Thread atInterrupt = new Thread(() -> {
            tap.stop();
            awaitSummary(ended);
        });
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        try {
            return tap.run();
        } finally {
            ended.countDown();
        }
    }

    private TapOptions options() {
        final TapOptions.Form form = isRaw ? TapOptions.Form.RAW : isExplained ? TapOptions.Form.EXPLAINED
            : isVerbose ? TapOptions.Form.VERBOSE : TapOptions.Form.LINES;
        final SubscriptionOptions requested =
            new SubscriptionOptions(mode == null ? null : Mode.valueOf(mode.toUpperCase(Locale.ROOT)), interval == null
            ? -1 : interval,
            null, maxRate == null ? -1 : maxRate, maxBytes == null ? -1 : maxBytes,
            new ContentOptions(fields, isDelta ? Boolean.TRUE : null, depth == null ? -1 : depth));
        return new TapOptions(url, new ChannelName(feed, channel), symbols, requested, form, !isSingleConnection,
            new TapOptions.Limits(count, seconds));
    }

    private void check(final boolean isValid, final String problem) {
        if (!isValid) {
            throw new CommandLine.ParameterException(spec.commandLine(), problem);
        }
    }

    private static void awaitSummary(final CountDownLatch ended) {
        try {
            ended.await(2, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
