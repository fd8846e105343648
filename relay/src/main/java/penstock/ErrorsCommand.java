package penstock;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.TelemetryOptions;
import penstock.telemetry.TelemetryReader;
import penstock.text.PrintableText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code errors}: the distinct errors of a relay, read from outside. Owned by the main thread. */
@Command(name = "errors", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Show the distinct errors of a relay on this machine.",
    description = {"",
        "Each error once: how often it happened, when first and last, and its stack trace. It reads the relay's mapped",
        "file and asks the relay nothing, so it works while the relay is stuck or dead.", "",
        "Exit code: 0 no errors; 1 there are errors, or no relay was found; 2 wrong usage.", ""},
    footer = {"", "Examples:",
        "  scripts/relay errors",
        "  scripts/relay errors /dev/shm/penstock-me/8080"})
final class ErrorsCommand implements Callable<Integer> {
    @Mixin
    private TelemetryOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final List<ErrorLog.Entry> errors = TelemetryReader.open(options.directory()).errors();
        for (final ErrorLog.Entry error : errors) {
            out.println(error.count() + (error.count() == 1 ? " time, " : " times, first ") + error.first()
                + (error.count() == 1 ? "" : ", last " + error.last()));
            // part of a message may come from a peer
            error.text().lines().forEach(line -> out.println("  "
                + PrintableText.escape(line.replace("\t", "  "), Integer.MAX_VALUE)));
            out.println();
        }
        out.println(errors.size() + " distinct errors");
        out.flush();
        return errors.isEmpty() ? 0 : 1;
    }
}
