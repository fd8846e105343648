package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A relay in a process of its own, on a free port and without an operator's listener. One thread. */
final class RelayProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("ws://localhost:(\\d+)/v1/ws");

    final Process process;
    final int port;
    private final BufferedReader out;

    private RelayProcess(final Process process) throws IOException {
        this.process = process;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = readPort();
    }

    /** Starts it with both streams in one, which {@link #rest} reads. */
    static RelayProcess start(final String... arguments) throws IOException {
        return new RelayProcess(new ProcessBuilder(command(arguments)).redirectErrorStream(true).start());
    }

    /** Starts it with a standard error that takes another 4 KiB, and that nothing reads. */
    static RelayProcess startWithBlockedErrorStream(final String... arguments) throws IOException {
        // a pipe holds 64 KiB
        final List<String> command =
            new ArrayList<>(List.of("sh", "-c", "head -c 61440 /dev/zero >&2 & exec \"$@\"", "sh"));
        command.addAll(command(arguments));
        return new RelayProcess(new ProcessBuilder(command).start());
    }

    /**
     * Starts it without waiting until it is up, for a test that ends it before; {@code arguments} are all that it gets.
     */
    static Process startOnly(final String... arguments) throws IOException {
        final List<String> command = java();
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Starts it with at most {@code descriptors} open files. */
    static RelayProcess startWithDescriptors(final int descriptors, final String... arguments) throws IOException {
        final List<String> command =
            new ArrayList<>(List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
        command.addAll(command(arguments));
        return new RelayProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Sends a signal by its name. */
    void signal(final String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** Reads on until a line has {@code text}. */
    void awaitLine(final String text) throws IOException {
        String line = out.readLine();
        while (line != null && !line.contains(text)) {
            line = out.readLine();
        }
        assertThat(line).as("a line with " + text).isNotNull();
    }

    /** Sends SIGTERM and returns the exit code; fails if the process takes longer than {@code withinMs}. */
    int terminate(final long withinMs) throws InterruptedException {
        process.toHandle().destroy();
        assertThat(process.waitFor(withinMs, TimeUnit.MILLISECONDS)).as("ended within " + withinMs + " ms").isTrue();
        return process.exitValue();
    }

    /** What it printed after its address, once it has ended. */
    List<String> rest() {
        return out.lines().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static List<String> java() {
        return new ArrayList<>(List.of(new File(System.getProperty("java.home"), "bin/java").getPath(), "--add-opens",
            "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx256m", "-cp", classPath(),
            "penstock.Main"));
    }

    /** Of this process: a test runner may have put it into a class loader of its own. */
    private static String classPath() {
        return Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader
            ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator))
            : System.getProperty("java.class.path");
    }

    private static List<String> command(final String... arguments) {
        final List<String> command = java();
        command.addAll(List.of(arguments));
        command.addAll(List.of("--set", "server.port=0", "--set", "admin.enabled=false"));
        return command;
    }

    private int readPort() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            final Matcher found = PORT.matcher(line);
            if (found.find()) {
                return Integer.parseInt(found.group(1));
            }
        }
        throw new AssertionError("the relay printed no address");
    }
}
