package penstock.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Servers of NATS, the one of Debian, as processes of their own on free ports of 127.0.0.1. One thread. */
public final class NatsServers implements AutoCloseable {
    private final Path folder;
    private final String settings;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> peers = new ArrayList<>();
    private final List<Process> servers = new ArrayList<>();

    /** Starts them as a cluster, with {@code settings} in their configuration, and files in {@code folder}. */
    public NatsServers(final int count, final Path folder, final String settings)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.settings = settings;
        for (int i = 0; i < count; i++) {
            ports.add(freePort());
            peers.add(freePort());
            servers.add(null);
        }
        for (int i = 0; i < count; i++) {
            start(i);
        }
    }

    /** One server that asks nobody who it is. */
    public static NatsServers one(final Path folder) throws IOException, InterruptedException {
        return new NatsServers(1, folder, "");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** The address of a server. */
    public String url(final int server) {
        return "nats://127.0.0.1:" + ports.get(server);
    }

    /** The addresses of all servers. */
    public List<String> urls() {
        return ports.stream().map(port -> "nats://127.0.0.1:" + port).toList();
    }

    /** The addresses as a list of a configuration. */
    public String list() {
        return urls().stream().collect(Collectors.joining("\", \"", "[\"", "\"]"));
    }

    /** Starts a server, and waits until it takes connections. */
    public void start(final int server) throws IOException, InterruptedException {
        final String routes = ports.size() == 1 ? "" : "cluster { name: test, listen: \"127.0.0.1:" + peers.get(server)
            + "\", routes: [" + peers.stream().map(port -> "\"nats://127.0.0.1:" + port + "\"")
            .collect(Collectors.joining(", ")) + "] }\n";
        final Path file = Files.writeString(folder.resolve("nats-" + server + ".conf"), "listen: \"127.0.0.1:"
            + ports.get(server) + "\"\n" + routes + settings);
        final Path program = Path.of("/usr/sbin/nats-server");
        servers.set(server, new ProcessBuilder(Files.isExecutable(program) ? program.toString() : "nats-server", "-c",
            file.toString()).redirectErrorStream(true)
            .redirectOutput(folder.resolve("nats-" + server + ".log").toFile()).start());
        await(server);
    }

    /** SIGKILL. */
    public void kill(final int server) {
        servers.get(server).destroyForcibly().onExit().join();
    }

    /** SIGSTOP: it takes nothing, and its connections stay. */
    public void pause(final int server) throws IOException, InterruptedException {
        signal(server, "-STOP");
    }

    /** SIGCONT. */
    public void resume(final int server) throws IOException, InterruptedException {
        signal(server, "-CONT");
    }

    private void signal(final int server, final String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(servers.get(server).pid())).start().waitFor();
    }

    private void await(final int server) throws IOException, InterruptedException {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        while (System.nanoTime() - endNs < 0) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", ports.get(server)), 1_000);
                return;
            } catch (final IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new AssertionError("no server: " + Files.readString(folder.resolve("nats-" + server + ".log")));
    }

    @Override
    public void close() {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i) != null) {
                kill(i);
            }
        }
    }
}
