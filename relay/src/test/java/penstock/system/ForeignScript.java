package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import penstock.testkit.Patience;

/**
 * A script in another language that asks for what happens around it: a line {@code do WORD} of its output waits for a
 * line on its input. One thread.
 */
public class ForeignScript {
    private final Path folder;
    private final List<String> command;

    /** What a script may ask for. */
    public interface Step {
        /** Returns when it has happened. */
        void run() throws IOException, InterruptedException;
    }

    /** Runs {@code command} in a folder. */
    protected ForeignScript(final Path folder, final List<String> command) {
        this.folder = folder;
        this.command = new ArrayList<>(command);
    }

    final void addArguments(final List<String> more) {
        command.addAll(more);
    }

    /** Runs it to its end, which must be a good one; {@code steps} by the words that it asks with. */
    public void run(final Map<String, Step> steps) throws IOException, InterruptedException {
        final Process script =
            new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        try {
            final String said = converse(script, steps);
            assertThat(script.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).as(said).isTrue();
            assertThat(script.exitValue()).as(said).isZero();
        } finally {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
    }

    /** Does what the script asks for, until it ends; returns all that it said. */
    private static String converse(final Process script, final Map<String, Step> steps)
            throws IOException, InterruptedException {
        final StringBuilder said = new StringBuilder();
        try (BufferedReader out = script.inputReader(StandardCharsets.UTF_8);
             BufferedWriter in = script.outputWriter(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith("do ")) {
                    final Step step = steps.get(line.substring(3));
                    assertThat(step).as("the script asks for an unknown step:%n%s", said).isNotNull();
                    step.run();
                    in.write("done\n");
                    in.flush();
                }
            }
        }
        return said.toString();
    }

    /** The path of a program; fails, with the remedy, if there is none. */
    static String program(final String name, final String remedy) {
        final String found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable).map(Path::toString).findFirst().orElse(null);
        assertThat(found).withFailMessage("no %s in PATH: %s installs it", name, remedy).isNotNull();
        return found;
    }

    /** From the module's folder or the project's. */
    static Path folder(final String name) {
        final Path here = Path.of(name).toAbsolutePath();
        return Files.isDirectory(here) ? here : Path.of("relay").resolve(name).toAbsolutePath();
    }
}
