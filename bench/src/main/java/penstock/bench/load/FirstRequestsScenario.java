package penstock.bench.load;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import penstock.bench.load.hold.FirstRequest;
import penstock.bench.load.hold.TopicsFeed;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.server.ProbedRelay;
import penstock.bench.load.server.ProbedRelay.Held;
import penstock.bench.load.server.ProbedRelay.Way;
import penstock.replay.FeedServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long does the first request of a process hold its io thread? Owned by the main thread. */
@Command(name = "first-requests", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "How long the first request of each kind holds the io thread of a relay that has just started.",
    description = {"",
        "Each request goes to a process of its own, with the options of config/jvm.options and JAVA_OPTS. A task on "
            + "the io thread looks each millisecond at the thread's CPU time since it ran last; the longest is the "
            + "figure (bar 3 ms). Beside it: the longest by the clock, which includes pauses of the Java machine and "
            + "waits for a core; the longest such pause; and what the io thread allocated. --seconds means nothing "
            + "here.", ""})
final class FirstRequestsScenario extends LoadScenario {
    private static final FigureBar BAR = FigureBar.atMost(3);
    private static final double NS_PER_MS = 1e6;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final Map<Way, List<FirstRequest>> ASKED = asked();

    @Option(names = "--topics", defaultValue = "20000", description = "topics of the feed")
    private int topics;

    @Option(names = "--kinds", defaultValue = ".*", paramLabel = "PATTERN",
        description = "only those whose names match, such as 'plain all' or 'tls .*'")
    private Pattern kinds;

    FirstRequestsScenario() {
        super(3, 1);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        try (FeedServer feed = FeedServer.start(0, new TopicsFeed(topics))) {
            for (int round = 1; round <= plan.rounds(); round++) {
                progress("round %d of %d%n%-28s %9s %9s %9s %9s", round, plan.rounds(), "", "cpu ms", "clock ms",
                    "pause ms", "MiB");
                for (final Map.Entry<Way, List<FirstRequest>> way : ASKED.entrySet()) {
                    for (final FirstRequest request : way.getValue()) {
                        measure(report, feed, way.getKey(), request);
                    }
                }
            }
        }
    }

    private void measure(final LoadReport report, final FeedServer feed, final Way way, final FirstRequest request)
            throws Exception {
        final String name = way.name().toLowerCase(Locale.ROOT) + " " + request.spelling();
        if (kinds.matcher(name).matches()) {
            try (ProbedRelay relay = new ProbedRelay(plan, feed.url("/"), topics, way)) {
                report(report, "start", relay.held());
                report(report, name, relay.ask(request, way));
            }
        }
    }

    private static void report(final LoadReport report, final String name, final Held held) {
        report.figure(name, "ms CPU", held.cpuNs() / NS_PER_MS);
        report.bar(name, BAR);
        report.figure("... by the clock, " + name, "ms", held.clockNs() / NS_PER_MS);
        report.figure("... longest pause, " + name, "ms", held.pauseNs() / NS_PER_MS);
        report.figure("... allocated, " + name, "MiB", held.bytes() / BYTES_PER_MIB);
        progress("%-28s %9.2f %9.2f %9.2f %9.2f", name, held.cpuNs() / NS_PER_MS, held.clockNs() / NS_PER_MS,
            held.pauseNs() / NS_PER_MS, held.bytes() / BYTES_PER_MIB);
    }

    private static Map<Way, List<FirstRequest>> asked() {
        final Map<Way, List<FirstRequest>> asked = new LinkedHashMap<>();
        asked.put(Way.PLAIN, Arrays.asList(FirstRequest.values()));
        asked.put(Way.DEFLATE, List.of(FirstRequest.ALL, FirstRequest.DELTA_FIELDS));
        asked.put(Way.TLS, List.of(FirstRequest.CONNECT, FirstRequest.NAMES, FirstRequest.ALL, FirstRequest.SNAPSHOT,
            FirstRequest.SSE));
        asked.put(Way.TOKEN, List.of(FirstRequest.CONNECT, FirstRequest.NAMES, FirstRequest.PATTERNS_49,
            FirstRequest.ALL, FirstRequest.SNAPSHOT));
        return asked;
    }
}
