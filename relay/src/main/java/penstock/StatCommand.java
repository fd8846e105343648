package penstock;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import penstock.telemetry.TelemetryOptions;
import penstock.telemetry.TelemetryReader.Sample;
import penstock.telemetry.TelemetryReader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stat}: the state and the counters of a relay, read from outside. Owned by the main thread. */
@Command(name = "stat", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Show the state and the counters of a relay on this machine.",
    description = {"",
        "It reads the relay's mapped file and asks the relay nothing, so it works while the relay is stuck or dead:",
        "running; stuck for N s, with the threads that no longer beat; or dead, with its last heartbeat.", "",
        "Exit code: 0 the relay runs; 1 it is stuck or dead, or no relay was found; 2 wrong usage.", ""},
    footer = {"", "Examples:",
        "  scripts/relay stat",
        "  scripts/relay stat /dev/shm/penstock-me/8080 --interval 1"})
final class StatCommand implements Callable<Integer> {
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

    @Mixin
    private TelemetryOptions options;

    @Option(names = "--interval", paramLabel = "S", description = "show it again every S seconds. Default: once")
    private int intervalSeconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (intervalSeconds < 0) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                "--interval must be 1 or more seconds, got " + intervalSeconds);
        }
        final PrintWriter out = spec.commandLine().getOut();
        final Path directory = options.directory();
        while (true) {
            final boolean isRunning = show(directory, out);
            if (intervalSeconds == 0) {
                return isRunning ? 0 : 1;
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(intervalSeconds));
            out.print(System.console() == null ? "\n" : CLEAR_SCREEN);
        }
    }

    private static boolean show(final Path directory, final PrintWriter out) throws IOException {
        final TelemetryReader relay = TelemetryReader.open(directory);
        final String state = relay.state(System.currentTimeMillis());
        out.println("relay " + directory + ", pid " + relay.pid() + ", port " + relay.port() + ", started "
            + relay.start());
        out.println(state);
        final List<Sample> samples = relay.samples();
        final int width = samples.stream().mapToInt(sample -> Long.toString(sample.value()).length()).max().orElse(1);
        samples.forEach(sample -> out.printf("%" + width + "d  %s%n", sample.value(), sample.label()));
        out.flush();
        return state.equals("running");
    }
}
