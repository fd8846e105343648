package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A script for the Python of the machine's packages, which finds the library that Debian packs: another Python in PATH
 * does not. It fails, with the remedy, on a machine that lacks either. One thread.
 */
public final class PythonScript extends ForeignScript {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String CLIENT = "clients/python";

    private PythonScript(final Path folder, final List<String> command) {
        super(folder, command);
    }

    /** A script of the client in Python. */
    public static PythonScript ofClient(final String... arguments) throws IOException, InterruptedException {
        return new PythonScript(clientFolder(), command(arguments));
    }

    /** Where the client is. */
    public static Path clientFolder() {
        return folder(CLIENT);
    }

    /** A command that runs Python with {@code arguments}; what it prints comes at once. */
    public static List<String> command(final String... arguments) throws IOException, InterruptedException {
        assertThat(Path.of(PYTHON)).withFailMessage("no %s: apt-get install python3-websockets installs it", PYTHON)
            .isExecutable();
        final Process library = new ProcessBuilder(PYTHON, "-c", "import websockets").redirectErrorStream(true).start();
        final String said = new String(library.getInputStream().readAllBytes());
        assertThat(library.waitFor())
            .withFailMessage("%s has no websockets: apt-get install python3-websockets installs it%n%s", PYTHON, said)
            .isZero();
        final List<String> command = new ArrayList<>(List.of(PYTHON, "-u", "-B", "-W", "error::ResourceWarning"));
        command.addAll(List.of(arguments));
        return command;
    }
}
