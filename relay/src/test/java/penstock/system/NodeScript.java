package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A script of Node.js. It fails, with the remedy, on a machine that lacks what it needs. One thread. */
public final class NodeScript extends ForeignScript {
    private static final String BROWSER = "src/test/browser";
    private static final String CLIENT = "clients/js";
    private static final String EXAMPLES = CLIENT + "/examples";

    private NodeScript(final Path folder, final String needed, final List<String> arguments) {
        super(folder, command(arguments));
        need(folder, needed);
    }

    /** A script of the browser's folder that needs the npm package {@code needed}. */
    public static NodeScript ofBrowser(final String needed, final String... arguments) {
        return new NodeScript(folder(BROWSER), needed, List.of(arguments));
    }

    /** A script that drives Chromium; its arguments are {@code url}, the browser, and {@code more}. */
    static NodeScript inChromium(final String name, final String url, final String... more) {
        final NodeScript script =
            ofBrowser("playwright-core", name, url, program("chromium", "apt-get install chromium"));
        script.addArguments(List.of(more));
        return script;
    }

    /** Looks at the examples of the client in Chromium, on that port of this machine. */
    static NodeScript ofExamples(final int relayPort, final int port) {
        need(folder(EXAMPLES), "ag-grid-community");
        return inChromium("examples.mjs", "http://127.0.0.1:" + relayPort + "/", Integer.toString(port));
    }

    /** A script of the client in JavaScript. */
    public static NodeScript ofClient(final String... arguments) {
        return new NodeScript(folder(CLIENT), "ws", List.of(arguments));
    }

    private static void need(final Path folder, final String npmPackage) {
        assertThat(folder.resolve("node_modules").resolve(npmPackage))
            .withFailMessage("no %s in %s: npm ci --prefix %s installs it", npmPackage, folder, folder).isDirectory();
    }

    private static List<String> command(final List<String> arguments) {
        final List<String> command = new ArrayList<>(List.of(program("node", "apt-get install nodejs npm")));
        command.addAll(arguments);
        return command;
    }
}
