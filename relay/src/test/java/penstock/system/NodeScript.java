package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Starts the scripts of {@code src/test/browser}; fails, with the remedy, on a machine that lacks what they need. */
final class NodeScript {
    private NodeScript() {
    }

    /** A script that needs the npm package {@code needed}; what it prints comes on its standard output. */
    static Process start(final String needed, final String script, final String... arguments) throws IOException {
        final Path folder = folder();
        final String node = program("node", "apt-get install nodejs npm");
        assertThat(folder.resolve("node_modules").resolve(needed))
            .withFailMessage("no %s in %s: npm ci --prefix %s installs it", needed, folder, folder).isDirectory();
        final String[] command = new String[2 + arguments.length];
        command[0] = node;
        command[1] = script;
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
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
    private static Path folder() {
        final Path here = Path.of("src/test/browser").toAbsolutePath();
        return Files.isDirectory(here) ? here : Path.of("relay/src/test/browser").toAbsolutePath();
    }
}
