package penstock.bench.release;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** What {@code scripts/release} measures, and how long. Owned by the main thread. */
final class MeasureOptions {
    private static final String BURST = "burst";
    private static final long QUICK_BENCHMARK_SECONDS = 120;
    private static final long BENCHMARK_SECONDS = 720;
    private static final long SCENARIO_SECONDS = 20;
    private static final long WARM_UP_SECONDS = 10;

    @Option(names = "--rounds")
    private Integer rounds;

    @Option(names = "--seconds")
    private Integer seconds;

    @Option(names = "--scenarios", defaultValue = "broadcast latency watch-lists all-rate stalled-readers slow-readers "
        + "idle connect-storm upstream burst start")
    private String scenarios;

    @Option(names = "--recording", defaultValue = "${env:PENSTOCK_RECORDING}")
    private Path recording;

    @Option(names = "--against")
    private List<String> against = new ArrayList<>();

    @Option(names = "--quick")
    private boolean isQuick;

    boolean isQuick() {
        return isQuick;
    }

    /** Why these options are wrong; null if they are not. */
    String mistake() {
        if (rounds != null && rounds < 1 || seconds != null && seconds < 1) {
            return "--rounds and --seconds are numbers from 1 on";
        }
        return recording != null && !Files.isRegularFile(recording) ? "there is no recording " + recording : null;
    }

    /** The options that runs must have in common for one to go on with the other. */
    String state() {
        return "quick=" + isQuick + " rounds=" + rounds() + " seconds=" + seconds() + " " + String.join(" ", against);
    }

    List<String> scenarios() {
        return Arrays.stream(scenarios.trim().split("\\s+")).toList();
    }

    /** True if the scenario cannot run without a recording, and there is none. */
    boolean isLeftOut(final String scenario) {
        return scenario.equals(BURST) && recording == null;
    }

    /** The command of the benchmarks, but for its output. */
    List<String> benchmarks() {
        return isQuick ? List.of("scripts/bench", "--quick") : List.of("scripts/bench");
    }

    /** The command of a scenario, but for its output. */
    List<String> load(final String scenario) {
        final List<String> command = new ArrayList<>(List.of("scripts/load", scenario));
        if (scenario.equals(BURST)) {
            command.addAll(List.of("--recording", recording.toString()));
        }
        command.addAll(List.of("--rounds", Integer.toString(rounds())));
        if (!seconds().isEmpty()) {
            command.addAll(List.of("--seconds", seconds()));
        }
        against.forEach(each -> command.addAll(List.of("--against", each)));
        return command;
    }

    /** The same as the page shows it: no folders of this machine, no commands of other servers. */
    String shown(final String scenario) {
        final List<String> words = new ArrayList<>();
        for (final String word : load(scenario)) {
            final boolean isServer = !words.isEmpty() && words.get(words.size() - 1).equals("--against");
            words.add(isServer ? word.substring(0, Math.max(0, word.indexOf('='))) + "=…"
                : recording != null && word.equals(recording.toString()) ? recording.getFileName().toString() : word);
        }
        return String.join(" ", words);
    }

    /** How long the benchmarks take, if they never ran here. */
    long benchmarkSeconds() {
        return isQuick ? QUICK_BENCHMARK_SECONDS : BENCHMARK_SECONDS;
    }

    /** How long a scenario takes, if it never ran here: in each round the relay and the baseline. */
    long loadSeconds() {
        final long each = seconds().isEmpty() ? SCENARIO_SECONDS : Long.parseLong(seconds());
        return rounds() * (2 + against.size()) * (each + WARM_UP_SECONDS);
    }

    private int rounds() {
        return rounds != null ? rounds : isQuick ? 1 : 5;
    }

    private String seconds() {
        return seconds != null ? seconds.toString() : isQuick ? "3" : "";
    }
}
