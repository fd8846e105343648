package penstock.bench.release.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the commands of a release in the project's folder, each with a log of its own. Owned by the main thread. */
public final class CommandRunner {
    private static final int SHOWN_LINES = 40;

    private final Path home;
    private final Path logs;
    private final Map<String, String> environment = new HashMap<>();

    /** {@code logs}: the folder of the logs. */
    public CommandRunner(final Path home, final Path logs) {
        this.home = home;
        this.logs = logs;
    }

    /** Sets a variable for the commands that follow. */
    public CommandRunner with(final String variable, final String value) {
        environment.put(variable, value);
        return this;
    }

    public Path log(final String name) {
        return logs.resolve(name);
    }

    /** Runs a command and fails unless it exits with 0. */
    public void run(final String log, final List<String> command) throws IOException, ReleaseFailure {
        if (status(log, command) != 0) {
            throw failure(log, command);
        }
    }

    /** Runs a command with its output in the log; returns its exit code. */
    public int status(final String log, final List<String> command) throws IOException {
        Files.createDirectories(logs);
        return await(builder(command).redirectErrorStream(true).redirectOutput(log(log).toFile()).start());
    }

    /** The failure of a command, with the end of its log. */
    public ReleaseFailure failure(final String log, final List<String> command) throws IOException {
        final List<String> lines = Files.readAllLines(log(log), StandardCharsets.UTF_8);
        return new ReleaseFailure(String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES),
            lines.size())) + "\n'" + String.join(" ", command) + "' failed; its output is in " + log(log)
            + ". Mend the cause and go on with --resume");
    }

    /** What a command prints, standard error too; null if it fails. */
    public String output(final List<String> command) throws IOException {
        final Process process = builder(command).redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return await(process) == 0 ? text : null;
    }

    /** Standard output of the last of some piped commands goes to the file; fails unless all exit with 0. */
    public void pipe(final Path file, final List<List<String>> commands) throws IOException, ReleaseFailure {
        final List<ProcessBuilder> builders = commands.stream().map(this::builder).toList();
        builders.forEach(each -> each.redirectError(ProcessBuilder.Redirect.INHERIT));
        builders.get(builders.size() - 1).redirectOutput(file.toFile());
        for (final Process each : ProcessBuilder.startPipeline(builders)) {
            if (await(each) != 0) {
                throw new ReleaseFailure("could not write " + file);
            }
        }
    }

    private ProcessBuilder builder(final List<String> command) {
        final ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    private static int await(final Process process) throws IOException {
        try {
            process.getOutputStream().close();
            return process.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new IOException("interrupted", e);
        }
    }
}
