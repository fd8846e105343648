package penstock.replay;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import penstock.config.VenueName;
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
        "Exit code: 1 the recording cannot be read, or the port is taken; 2 wrong usage; 78 the venue file is wrong.",
        ""},
    footer = {"", "Examples:",
        "  scripts/relay replay feeds/binance/spot.jsonl.gz --venue binance --port 9100",
        "  scripts/relay replay feeds/binance/spot.jsonl.gz --venue binance --refuse DOGEUSDT,XRPUSDT",
        "  scripts/relay replay quotes.jsonl --speed max --loop"})
public final class ReplayCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Parameters(paramLabel = "FILE", description = "the recording: NAME.jsonl or NAME.jsonl.gz")
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
        try {
            final VenueScript script = venue == null ? VenueScript.NONE : VenueFileScript.load(venue, refused);
            final ReplayServer server =
                ReplayServer.start(new ReplayServer.Options(file, script, port, speed, isLooping));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return serve(server);
        } catch (final IllegalStateException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return FAILED;
        }
    }

    private int serve(final ReplayServer server) throws InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        out.println("Replay of " + file + ", " + speed(server) + (isLooping ? ", repeatedly" : ", once"));
        out.println("  feed      " + server.url("/") + " (any path)");
        out.println("  starts    when the first client has "
            + (venue == null ? "connected" : "subscribed, as at venue " + venue));
        out.flush();
        try {
            server.outcome().join();
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

    private String speed(final ReplayServer server) {
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
