package penstock.bench.load.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import penstock.bench.load.client.ClientOptions;
import penstock.bench.load.client.ClientSecurity;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.rig.LoadPlan;
import penstock.bench.load.rig.RigClock;

/**
 * A server under load in a process of its own, and its figures from /proc. This base class is for servers other than
 * the relay: they upgrade on /, and send everything until a client sends a text frame that names symbols in quotes.
 * Owned by the scenario's thread.
 */
public class ServerProcess implements AutoCloseable {
    private static final int MICROS_PER_TICK = 10_000;
    private static final double START_SECONDS = 30;
    private static final double STOP_SECONDS = 10;
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        // an interrupted run must not leave servers behind
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroy), "end-servers"));
    }

    private final String name;
    private final Process process;
    private final ClientSecurity security;
    private int port;

    /** Starts a server that is open to everyone; its log goes to NAME.log. The subclass sets the port. */
    public ServerProcess(final String name, final LoadPlan plan, final ProcessBuilder builder) throws IOException {
        this(name, plan, builder, ClientSecurity.NONE);
    }

    /** Starts the server; its log goes to NAME.log. The subclass sets the port. */
    public ServerProcess(final String name, final LoadPlan plan, final ProcessBuilder builder,
            final ClientSecurity security) throws IOException {
        this.name = name;
        this.security = security;
        process = builder.redirectError(ProcessBuilder.Redirect.appendTo(plan.folder().resolve(name + ".log").toFile()))
            .start();
        ALIVE.add(process);
    }

    /** Starts a server that is given its port, and waits until it listens there. */
    public ServerProcess(final String name, final LoadPlan plan, final ProcessBuilder builder, final int port,
            final ClientSecurity security) throws IOException {
        this(name, plan, builder.redirectOutput(ProcessBuilder.Redirect.DISCARD), security);
        this.port = port;
        RigClock.await(name + " on port " + port, START_SECONDS, this::isListening);
    }

    public final String name() {
        return name;
    }

    public final int port() {
        return port;
    }

    public final long pid() {
        return process.pid();
    }

    /** True while the process runs. */
    public final boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Options of a session that asks for these symbols.
     *
     * @param symbols empty = all
     * @param query   more of the relay's query, like {@code interval=0}; other servers do not get it
     */
    public ClientOptions options(final Collection<String> symbols, final String query, final UpdateStats stats) {
        return ClientOptions.of("/", symbols.isEmpty() ? null
            : symbols.stream().collect(Collectors.joining("\",\"", "[\"", "\"]")), stats).with(security);
    }

    /** How sessions are let in. */
    final ClientSecurity security() {
        return security;
    }

    /** Resident memory in bytes. */
    public final long residentBytes() {
        for (final String line : proc("status").split("\n")) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IllegalStateException("no VmRSS in /proc/" + process.pid() + "/status; the rig needs Linux");
    }

    /** Processor time used, user and system. */
    public final long cpuMicros() {
        final String stat = proc("stat");
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
    }

    /** The cores that it uses within a window of {@code seconds}, which begins now. */
    public final double cores(final double seconds) {
        final long before = cpuMicros();
        final long beganNs = System.nanoTime();
        RigClock.until(RigClock.afterSeconds(seconds));
        return (cpuMicros() - before) * 1e3 / (System.nanoTime() - beganNs);
    }

    @Override
    public void close() {
        process.destroy();
        if (!RigClock.within(STOP_SECONDS, () -> !process.isAlive())) {
            process.destroyForcibly();
        }
        ALIVE.remove(process);
    }

    public final Process process() {
        return process;
    }

    public final void listensOn(final int newPort) {
        port = newPort;
    }

    private String proc(final String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (final IOException e) {
            throw ended(e);
        }
    }

    private boolean isListening() {
        try (SocketChannel probe = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            return probe.isConnected();
        } catch (final IOException e) {
            if (!process.isAlive()) {
                throw ended(e);
            }
            return false;
        }
    }

    private IllegalStateException ended(final IOException e) {
        return new IllegalStateException(name + " has ended; see " + name + ".log in the folder of the results", e);
    }
}
