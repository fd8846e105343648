package penstock.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * Members of etcd, the one of Debian, as processes of their own on free ports of 127.0.0.1, with the election time-out
 * that {@code two-ingests.md} recommends. One thread.
 */
public final class EtcdCluster implements AutoCloseable {
    private static final Pattern MEMBER = Pattern.compile("\"member_id\":\"(\\d+)\"");
    private static final Pattern LEADER = Pattern.compile("\"leader\":\"(\\d+)\"");

    private final Path folder;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> peers = new ArrayList<>();
    private final List<Process> members = new ArrayList<>();
    private final List<String> options;
    private final String scheme;
    private final HttpClient http;

    /** Starts them, with their data in {@code folder}, and waits for a leader. */
    public EtcdCluster(final int count, final Path folder) throws IOException, InterruptedException {
        this(count, folder, List.of(), HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build(), "http");
    }

    /** The same, with TLS: only clients of {@code authority} may ask, and its certificates are for 127.0.0.1. */
    public EtcdCluster(final int count, final Path folder, final TestAuthority authority)
            throws IOException, InterruptedException {
        this(count, folder, files(folder, authority), HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1))
            .sslContext(context(authority)).build(), "https");
    }

    private EtcdCluster(final int count, final Path folder, final List<String> options, final HttpClient http,
            final String scheme) throws IOException, InterruptedException {
        this.folder = folder;
        this.options = options;
        this.http = http;
        this.scheme = scheme;
        for (int i = 0; i < count; i++) {
            ports.add(freePort());
            peers.add(freePort());
            members.add(null);
        }
        for (int i = 0; i < count; i++) {
            start(i);
        }
        awaitLeader();
    }

    private static SSLContext context(final TestAuthority authority) {
        return authority.context(authority.issue("test"));
    }

    private static List<String> files(final Path folder, final TestAuthority authority) {
        final Path certificate = folder.resolve("etcd.pem");
        final Path key = folder.resolve("etcd.key");
        authority.issue("etcd", "127.0.0.1").write(certificate, key);
        return List.of("--cert-file", certificate.toString(), "--key-file", key.toString(), "--client-cert-auth",
            "--trusted-ca-file", authority.write(folder.resolve("etcd-clients.pem")).toString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** The addresses of the members. */
    public List<String> urls() {
        return ports.stream().map(port -> scheme + "://127.0.0.1:" + port).toList();
    }

    public int count() {
        return ports.size();
    }

    /** Starts a member, with the data that it had. */
    public void start(final int member) throws IOException {
        final String all = peers.stream().map(port -> "m" + peers.indexOf(port) + "=http://127.0.0.1:" + port)
            .collect(Collectors.joining(","));
        final String client = urls().get(member);
        final String peer = "http://127.0.0.1:" + peers.get(member);
        final List<String> command = new ArrayList<>(List.of("etcd", "--name", "m" + member,
            "--data-dir", folder.resolve("m" + member).toString(), "--listen-client-urls", client,
            "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", all, "--initial-cluster-token", "test", "--initial-cluster-state", "new",
            "--heartbeat-interval", "50", "--election-timeout", "500"));
        command.addAll(options);
        members.set(member, new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(folder.resolve("m" + member + ".log").toFile()).start());
    }

    /** SIGKILL. */
    public void kill(final int member) {
        members.get(member).destroyForcibly().onExit().join();
    }

    /** Waits until one has a leader, and returns its number. */
    public int awaitLeader() throws InterruptedException {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        while (System.nanoTime() - endNs < 0) {
            for (int i = 0; i < members.size(); i++) {
                final String status = members.get(i).isAlive() ? status(i) : "";
                final Matcher member = MEMBER.matcher(status);
                final Matcher leader = LEADER.matcher(status);
                if (member.find() && leader.find() && member.group(1).equals(leader.group(1))) {
                    return i;
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("no leader; see " + folder);
    }

    private String status(final int member) throws InterruptedException {
        try {
            return post(member, "/v3/maintenance/status", "{}");
        } catch (final IOException e) {
            return "";
        }
    }

    /** A request to the gateway of a member; its answer. */
    public String post(final int member, final String path, final String body)
            throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(urls().get(member) + path))
            .version(HttpClient.Version.HTTP_1_1).timeout(Duration.ofSeconds(Patience.SECONDS))
            .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i) != null) {
                kill(i);
            }
        }
    }
}
