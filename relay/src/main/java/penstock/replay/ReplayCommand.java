package penstock.replay;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import penstock.config.VenueName;
import penstock.progress.ProgressLine;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code replay}: serves a recording as an upstream feed.
 *
 * <p>Owned by the main thread.
 */
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Serve a recording as an upstream WebSocket feed, on any path.",
    description = {"",
        "NAME.jsonl or NAME.jsonl.gz holds one message per line, exactly as received; NAME.rx or NAME.rx.gz beside it "
            + "holds the receive times in nanoseconds, one per line. Without receive times the messages are sent "
            + "evenly, 1,000 per second.",
        "Playback starts when the first client has subscribed (without --venue: connected), runs once, then keeps the "
            + "connection open and silent. A later client joins at the current place; without clients it pauses.",
        "Nothing is dropped: playback waits for the slowest client. With --venue it also pings as the venue does, and "
            + "disconnects a client that does not answer or exceeds the venue's rate limit; --refuse rejects symbols "
            + "with the venue's own message.",
        "",
        "DIR is the directory of feed.record of a relay: all of its files are played in order, or those from --from to "
            + "--to. Where the venue's connection ended, or messages are missing, each client is closed with 1012, and "
            + "what follows is played when it is back.",
        "--lag plays while the relay goes on to record: each message so long after its receipt, and never earlier.",
        "",
        "Exit code: 1 the recording cannot be read, or the port is taken; 2 wrong usage; 78 the venue file is wrong.",
        ""},
    footer = {"", "Examples:",
        "  scripts/relay replay feeds/binance/spot.jsonl.gz --venue binance --port 9100",
        "  scripts/relay replay feeds/binance/spot.jsonl.gz --venue binance --refuse DOGEUSDT,XRPUSDT",
        "  scripts/relay replay quotes.jsonl --speed max --loop",
        "  scripts/relay replay /var/lib/penstock/record --venue binance --from -90m --speed 10",
        "  scripts/relay replay /var/lib/penstock/record --venue binance --lag 15m"})
public final class ReplayCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final long LOOK_EVERY_MS = 250;

    private final RecordingClock clock = RecordingClock.system();

    @Parameters(paramLabel = "FILE|DIR", description = "the recording: NAME.jsonl or NAME.jsonl.gz; or the "
        + "directory of a relay's recordings")
    private Path file;

    @Option(names = "--venue", paramLabel = "V", completionCandidates = VenueName.Candidates.class,
        description = "greet, and answer logins, subscriptions and heartbeats, as this venue does; a venue file, or a "
            + "built-in venue: ${COMPLETION-CANDIDATES}")
    private String venue;

    @Option(names = "--refuse", paramLabel = "SYM", split = ",",
        description = "symbols to reject as unknown; needs --venue")
    private List<String> refused = List.of();

    @Option(names = "--port", paramLabel = "N", defaultValue = "9100",
        description = "port on 127.0.0.1; 0 chooses a free one. Default: 9100")
    private int port;

    @Option(names = "--speed", paramLabel = "X|max", defaultValue = "1", converter = SpeedConverter.class,
        description = "multiple of the recorded pace, or max: as fast as the clients read. Default: 1")
    private ReplaySpeed speed;

    @Option(names = "--from", paramLabel = "T", description = "with DIR: the first receive time, like "
        + "2026-12-01T09:30:00Z, without a zone UTC, or before now like -90m")
    private String from;

    @Option(names = "--to", paramLabel = "T", description = "with DIR: the first receive time that is not played")
    private String to;

    @Option(names = "--lag", paramLabel = "D", description = "with DIR: play what is being recorded, so long after its "
        + "receipt, like 15m; without --from, --to, --speed and --loop")
    private String lag;

    @Option(names = "--feed", paramLabel = "F", description = "with DIR: the feed, if there are recordings of several")
    private String feed;

    @Option(names = "--loop", description = "start again at the end")
    private boolean isLooping;

    @Spec
    private CommandSpec spec;

    /** Created by the command line. */
    public ReplayCommand() {
    }

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--port must be 0 to 65535, got " + port);
        }
        if (venue == null && !refused.isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                "--refuse needs --venue: the venue whose rejections it sends");
        }
        final RecordedSpan.Span span = span();
        try {
            final VenueScript script = venue == null ? VenueScript.NONE : VenueFileScript.load(venue, refused);
            final ReplayServer.Options options = new ReplayServer.Options(file, script, port, speed, isLooping);
            final RecordedSpan recorded = span == null ? null : RecordedSpan.of(file, feed, span);
            final ReplayServer server = recorded == null ? ReplayServer.start(options)
                : ReplayServer.start(options, recorded, lag == null ? null
                : new ReplayLag(recorded, clock, ReplaySpan.lagNs(lag)));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return serve(server);
        } catch (final IllegalStateException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return FAILED;
        }
    }

    /** Null for a file. */
    private RecordedSpan.Span span() {
        if (!Files.isDirectory(file)) {
            if (from != null || to != null || lag != null || feed != null) {
                throw new CommandLine.ParameterException(spec.commandLine(), "--from, --to, --lag and --feed need the "
                    + "directory of a relay's recordings, and " + file + " is none");
            }
            return null;
        }
        final boolean isPaced = from != null || to != null || isLooping || spec.commandLine().getParseResult()
            .hasMatchedOption("--speed");
        if (lag != null && isPaced) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                "--lag has its own pace and no end; leave out --from, --to, --speed and --loop");
        }
        try {
            final Instant now = Instant.now();
            if (lag != null) {
                return new RecordedSpan.Span(clock.nowNs() - ReplaySpan.lagNs(lag), Long.MAX_VALUE, true, true);
            }
            return new RecordedSpan.Span(from == null ? 0 : ReplaySpan.ns(from, now),
                to == null ? Long.MAX_VALUE : ReplaySpan.ns(to, now), false, false);
        } catch (final IllegalArgumentException | ArithmeticException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--from, --to, --lag: " + e.getMessage(), e);
        }
    }

    private int serve(final ReplayServer server) throws InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        out.println("Replay of " + file + ", " + speed(server)
            + (lag != null ? "" : isLooping ? ", repeatedly" : ", once"));
        out.println("  feed      " + server.url("/") + " (any path)");
        out.println("  starts    when the first client has "
            + (venue == null ? "connected" : "subscribed, as at venue " + venue));
        out.flush();
        try {
            awaitEnd(server);
        } catch (final CompletionException e) {
            server.close();
            throw e.getCause() instanceof RecordingException unreadable ? unreadable : e;
        }
        out.println("All " + server.sentCount()
            + " messages are sent. The connection stays open and silent. Ctrl-C ends it.");
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    /** A replay in a loop has no end to be near to. */
    private void awaitEnd(final ReplayServer server) throws InterruptedException {
        final CompletableFuture<Void> end = server.outcome();
        try (ProgressLine progress =
                ProgressLine.of("replay", isLooping ? ProgressLine.UNKNOWN : ProgressLine.bytesOf(file))) {
            while (!end.isDone()) {
                progress.at(server.sentBytes(), server.sentCount(), "messages");
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            }
        }
        end.join();
    }

    private String speed(final ReplayServer server) {
        if (lag != null) {
            return "each message " + lag + " after its receipt, while it is recorded";
        }
        if (speed.isMax()) {
            return "as fast as the clients read";
        }
        final String times = speed.factor() == 1 ? "" : " x " + speed;
        return server.isTimed() ? "at the recorded speed" + times
            : "evenly, 1,000 messages per second" + times + " (no file with receive times)";
    }

    /** Reads {@code --speed}. */
    static final class SpeedConverter implements CommandLine.ITypeConverter<ReplaySpeed> {
        @Override
        public ReplaySpeed convert(final String text) {
            try {
                return ReplaySpeed.parse(text);
            } catch (final IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        }
    }
}
