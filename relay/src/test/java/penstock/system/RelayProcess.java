package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A relay in a process of its own, with the shipped options of the JVM, on free ports. With
 * {@code penstock.relay.quick} it starts with half of the CPU: for tests that do not ask how fast it is. One thread.
 */
public final class RelayProcess implements AutoCloseable {
    private static final boolean IS_QUICK = Boolean.getBoolean("penstock.relay.quick");
    private static final Pattern PORT = Pattern.compile("ws://localhost:(\\d+)/v1/ws");
    private static final Pattern ADMIN_PORT = Pattern.compile("http://localhost:(\\d+)/metrics");
    private static final Path JVM_OPTIONS = Path.of("../config/jvm.options");

    public final Process process;
    /** Of the subscribers' listener. */
    public final int port;
    /** Of the operator's listener. */
    public final int adminPort;
    private final BufferedReader out;
    private final List<String> read = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    private RelayProcess(final Process process) throws IOException {
        this.process = process;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = readPort(PORT);
        adminPort = readPort(ADMIN_PORT);
    }

    /** Starts it with both streams in one, which {@link #printed} reads. */
    public static RelayProcess start(final String... arguments) throws IOException {
        return new RelayProcess(new ProcessBuilder(command(arguments)).redirectErrorStream(true).start());
    }

    /** The same with more options of the Java machine and more variables. */
    public static RelayProcess startWith(final List<String> options, final Map<String, String> variables,
            final String... arguments) throws IOException {
        final List<String> command = command(arguments);
        command.addAll(command.indexOf("--add-opens"), options);
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables);
        return new RelayProcess(builder.start());
    }

    /** Starts it with a standard error that takes another 4 KiB, and that nothing reads. */
    static RelayProcess startWithBlockedErrorStream(final String... arguments) throws IOException {
        // a pipe holds 64 KiB
        final List<String> command =
            new ArrayList<>(List.of("sh", "-c", "head -c 61440 /dev/zero >&2 & exec \"$@\"", "sh"));
        command.addAll(command(arguments));
        final ProcessBuilder builder = new ProcessBuilder(command);
        // where the pictures of a browser test go: a relay refuses keys that it does not know
        builder.environment().remove("PENSTOCK_SHOTS");
        return new RelayProcess(builder.start());
    }

    /**
     * Starts it without waiting until it is up, for a test that ends it before; {@code arguments} are all that it gets.
     */
    static Process startOnly(final String... arguments) throws IOException {
        return startOnlyWith(List.of(), arguments);
    }

    /** The same with more options of the Java machine. */
    public static Process startOnlyWith(final List<String> options, final String... arguments) throws IOException {
        final List<String> command = java("penstock.Main");
        command.addAll(command.indexOf("--add-opens"), options);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Starts it without waiting until it is up; both streams go to a file. */
    public static Process startInto(final Path file, final String... arguments) throws IOException {
        final List<String> command = java("penstock.Main");
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile()).start();
    }

    /**
     * Starts it with a file system of {@code size} in {@code folder}, which this process finds as {@link #path}; it is
     * gone with the relay.
     */
    static RelayProcess startOnDisk(final Path folder, final String size, final String... arguments)
            throws IOException {
        final List<String> command = new ArrayList<>(mounting(folder, size, "exec \"$@\""));
        command.addAll(command(arguments));
        return new RelayProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Whether this machine lets a process mount a file system for itself. */
    static boolean canMount(final Path folder) throws IOException, InterruptedException {
        return new ProcessBuilder(mounting(folder, "64k", "true")).start().waitFor() == 0;
    }

    private static List<String> mounting(final Path folder, final String size, final String then) {
        return List.of("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=" + size + " penstock '" + folder + "' && "
            + then, "sh");
    }

    /** A path as the relay sees it. */
    Path path(final Path ofRelay) {
        return Path.of("/proc/" + process.pid() + "/root" + ofRelay.toAbsolutePath());
    }

    /** Starts it with at most {@code descriptors} open files. */
    static RelayProcess startWithDescriptors(final int descriptors, final String... arguments) throws IOException {
        final List<String> command =
            new ArrayList<>(List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
        command.addAll(command(arguments));
        return new RelayProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** A metric as the operator sees it: of one label in braces, or the sum of all. */
    public long metric(final String name) throws IOException, InterruptedException {
        return (long) fraction(name);
    }

    /** The same of a metric that has fractions, such as seconds. */
    public double fraction(final String name) throws IOException, InterruptedException {
        return get(adminPort, "/metrics").body().lines()
            .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    /** The answer of one of its listeners. */
    public HttpResponse<String> get(final int listener, final String target) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener + target)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    /** Heap in use after a collection: the least of several looks, because the looks leave garbage too. */
    public long heapAfterGc() throws IOException, InterruptedException {
        final String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            final Process gc = new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run").start();
            assertThat(gc.waitFor()).as("jcmd").isZero();
            least = Math.min(least, metric("jvm_memory_used_bytes{area=\"heap\"}"));
        }
        return least;
    }

    /** Sends a signal by its name. */
    public void signal(final String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** Reads on until a line has {@code text}. */
    void awaitLine(final String text) throws IOException {
        String line = readLine();
        while (line != null && !line.contains(text)) {
            line = readLine();
        }
        assertThat(line).as("a line with " + text).isNotNull();
    }

    /** Sends SIGTERM and returns the exit code; fails if the process takes longer than {@code withinMs}. */
    public int terminate(final long withinMs) throws InterruptedException {
        process.toHandle().destroy();
        assertThat(process.waitFor(withinMs, TimeUnit.MILLISECONDS)).as("ended within " + withinMs + " ms").isTrue();
        return process.exitValue();
    }

    /** Passes on each line that it prints from now on, until it ends. */
    public void forEachLine(final Consumer<String> reader) {
        out.lines().forEach(reader);
    }

    /** All that it printed, once it has ended. */
    public List<String> printed() {
        out.lines().forEach(read::add);
        return List.copyOf(read);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The command that runs a class of this process's class path with the shipped options. */
    public static List<String> java(final String main) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(new File(System.getProperty("java.home"), "bin/java").getPath());
        Files.readAllLines(JVM_OPTIONS).stream().map(String::trim)
            .filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(command::add);
        if (IS_QUICK) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp", classPath(), main));
        return command;
    }

    /** A command in {@code folder} that runs a relay with its arguments, for scripts that start their own. */
    static Path commandIn(final Path folder) throws IOException {
        final String command =
            java("penstock.Main").stream().map(part -> "'" + part + "'").collect(Collectors.joining(" "));
        final Path file = Files.writeString(folder.resolve("relay"), "#!/bin/sh\nexec " + command + " \"$@\"\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** Of this process: a test runner may have put it into a class loader of its own. */
    private static String classPath() {
        return Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader
            ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator))
            : System.getProperty("java.class.path");
    }

    private static List<String> command(final String... arguments) throws IOException {
        final List<String> command = java("penstock.Main");
        command.add(arguments[0]);
        // what the caller sets comes later and wins
        command.addAll(List.of("--set", "server.port=0", "--set", "admin.port=0"));
        if (IS_QUICK) {
            command.addAll(List.of("--set", "server.warm-up=false"));
        }
        command.addAll(List.of(arguments).subList(1, arguments.length));
        return command;
    }

    private String readLine() throws IOException {
        final String line = out.readLine();
        if (line != null) {
            read.add(line);
        }
        return line;
    }

    private int readPort(final Pattern address) throws IOException {
        for (String line = readLine(); line != null; line = readLine()) {
            final Matcher found = address.matcher(line);
            if (found.find()) {
                return Integer.parseInt(found.group(1));
            }
        }
        final String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        throw new AssertionError("the relay printed no address: " + read + error.replace("\0", ""));
    }
}
