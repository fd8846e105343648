package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import penstock.docs.Pages;
import penstock.testkit.Patience;

/**
 * A terminal for the commands of a page, in a folder that has what the repository has. The relay is the one of this
 * build, and the ports of the page are free ones. What was started in the background ends with it. One thread.
 */
final class PageTerminal implements AutoCloseable {
    private static final Map<String, Integer> PORTS = Map.of("8080", 0, "8081", 1, "9100", 2, "5173", 3);

    private final Path folder;
    private final Path output;
    private final int[] ports = new int[PORTS.size()];
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Process> running = new LinkedHashMap<>();
    /** Vite takes an offer of HTTP/2 for a WebSocket. */
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** {@code folder} is an empty one. */
    PageTerminal(final Path folder) throws IOException {
        this.folder = folder;
        output = Files.createDirectory(folder.resolve(".output"));
        for (int i = 0; i < ports.length; i++) {
            ports[i] = RelayRig.freePort();
        }
        for (final String linked : new String[] {"config", "relay"}) {
            Files.createSymbolicLink(folder.resolve(linked), Pages.path(linked).toRealPath());
        }
        final Path script = Files.createDirectory(folder.resolve("scripts")).resolve("relay");
        Files.writeString(script, RelayProcess.java("penstock.Main").stream().map(word -> '\'' + word + '\'')
            .collect(Collectors.joining(" ", "#!/bin/sh\nexec ", " \"$@\"\n")));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        environment.putAll(Map.of("PENSTOCK_TELEMETRY_DIR", folder.resolve(".telemetry").toString(),
            "PENSTOCK_SERVER_PORT", port("8080") + "", "PENSTOCK_ADMIN_PORT", port("8081") + "",
            "npm_config_prefer_offline", "true", "npm_config_audit", "false", "npm_config_fund", "false",
            "npm_config_update_notifier", "false"));
    }

    /** The port that stands for one of the page. */
    int port(final String ofPage) {
        return ports[PORTS.get(ofPage)];
    }

    /** Writes a file of the page, with the ports of this terminal. */
    Path write(final String name, final String text) throws IOException {
        final Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, here(text));
    }

    /** Runs commands to their end, which must be a good one; returns what they printed. */
    String run(final String commands) throws IOException, InterruptedException {
        return run(commands, 0);
    }

    /** The same with that exit code. */
    String run(final String commands, final int code) throws IOException, InterruptedException {
        final File out = output.resolve("out").toFile();
        final File err = output.resolve("err").toFile();
        final Process process = bash("set -euo pipefail\n" + commands).redirectOutput(out).redirectError(err).start();
        // npm asks its registry, so this may take longer than one event
        final boolean isOver = process.waitFor(Patience.TEST_SECONDS, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        final String printed = Files.readString(out.toPath());
        final String all = commands + '\n' + printed + Files.readString(err.toPath());
        assertThat(isOver).as(all).isTrue();
        assertThat(process.exitValue()).as(all).isEqualTo(code);
        return printed;
    }

    /** Starts a command in the background. */
    void start(final String name, final String command) throws IOException {
        final File printed = output.resolve(name).toFile();
        running.put(name, bash("exec env " + command.replaceFirst(" &$", "")).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(printed)).start());
    }

    /** Ctrl-C. */
    void stop(final String name) throws InterruptedException {
        final Process process = running.remove(name);
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** Waits until a server that was started answers {@code path} with 200. */
    void await(final String name, final String portOfPage, final String path) {
        final URI address = URI.create("http://localhost:" + port(portOfPage) + path);
        // Vite has its page for those alone who accept one
        final HttpRequest request =
            HttpRequest.newBuilder(address).header("Accept", "*/*").timeout(Duration.ofSeconds(5)).build();
        Awaitility.await(name + " at " + path).ignoreExceptionsMatching(IOException.class::isInstance).until(() -> {
            assertThat(running.get(name).isAlive()).as("%s ended:%n%s", name, Files.readString(output.resolve(name)))
                .isTrue();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        });
    }

    @Override
    public void close() throws IOException {
        for (final Process process : running.values()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        // who deletes the folder would warn of links out of it
        Files.delete(folder.resolve("config"));
        Files.delete(folder.resolve("relay"));
    }

    private ProcessBuilder bash(final String commands) {
        final ProcessBuilder bash = new ProcessBuilder("bash", "-c", here(commands)).directory(folder.toFile());
        bash.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        // the relay refuses variables that it does not know, such as those of other tests
        bash.environment().keySet().removeIf(name -> name.startsWith("PENSTOCK_"));
        bash.environment().putAll(environment);
        return bash;
    }

    private String here(final String text) {
        String adapted = text;
        for (final String port : PORTS.keySet()) {
            adapted = adapted.replace("localhost:" + port, "localhost:" + port(port))
                .replace("--port " + port, "--port " + port(port));
        }
        return adapted;
    }
}
