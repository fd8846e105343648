package penstock.bench.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import penstock.bench.load.rig.LoadPlan;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.MachineFacts;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * One question to servers under load: a subcommand of {@link LoadCommand} with options of its own. Writes NAME.txt,
 * NAME.json and NAME.hlog; exit code 1 when a truth is broken. Owned by the main thread.
 */
abstract class LoadScenario implements Callable<Integer> {
    @Mixin
    final LoadPlan plan;

    @Spec
    private CommandSpec spec;

    /** Defaults of {@code --rounds} and {@code --seconds}. */
    LoadScenario(final int rounds, final int seconds) {
        plan = new LoadPlan(rounds, seconds);
    }

    /** Measures, and adds figures to the report. */
    abstract void run(LoadReport report) throws Exception;

    @Override
    public final Integer call() throws Exception {
        plan.check();
        final Map<String, Object> environment = MachineFacts.now(plan);
        environment.put("options", options());
        final LoadReport report = new LoadReport(spec.name(), environment);
        run(report);
        final Path folder = plan.folder();
        Files.writeString(folder.resolve(spec.name() + ".txt"), report.text());
        Files.writeString(folder.resolve(spec.name() + ".json"), report.json());
        Files.writeString(folder.resolve(spec.name() + ".hlog"), report.histogramLog());
        System.out.print(report.text());
        System.out.println("\n" + folder.resolve(spec.name() + ".json"));
        return report.holds() ? 0 : 1;
    }

    /** Prints progress. */
    static void progress(final String what, final Object... values) {
        System.err.println(String.format(what, values));
    }

    private String options() {
        return spec.options().stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp()
            && !option.longestName().matches("--out|--against"))
            .filter(option -> option.getValue() != null && !option.getValue().toString().matches("\\[]|\\{}"))
            .map(option -> option.longestName() + " " + logged(option.getValue())).collect(Collectors.joining(" "));
    }

    /** A file by its name: its folder means nothing to a reader of the results on another machine. */
    private static Object logged(final Object value) {
        return value instanceof Path path ? path.getFileName() : value;
    }
}
