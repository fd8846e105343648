package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import penstock.docs.Pages;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;

/**
 * A proxy as Debian packages it, with the file that is shipped for it: only ports, the name of the host and the places
 * of the certificate are other ones. One thread.
 */
public final class ProxyProcess implements AutoCloseable {
    /** What proxies show, and what their clients trust. */
    static final TestAuthority AUTHORITY = new TestAuthority("authority");
    private static final String CERTIFICATES = "/etc/penstock/tls";

    /** Of its listener, which speaks TLS unless it is before edges. */
    public final int port;
    private final Process process;
    private final Path said;

    private ProxyProcess(final Process process, final int port, final Path said) {
        this.process = process;
        this.port = port;
        this.said = said;
    }

    /** Starts {@code name} before relays on two ports, and waits until it listens; {@code folder} is its own. */
    static ProxyProcess start(final String name, final int relay1, final int relay2, final Path folder)
            throws IOException {
        final TestAuthority.Issued own = AUTHORITY.issue("proxy", "localhost");
        own.write(folder.resolve("fullchain.pem"), folder.resolve("privkey.pem"));
        Files.writeString(folder.resolve("bundle.pem"),
            Files.readString(folder.resolve("fullchain.pem")) + Files.readString(folder.resolve("privkey.pem")));
        final int port = freePort();
        return start(name, command(name, folder, relay1, relay2, port), port, folder);
    }

    /** HAProxy before two edges or more, with the file for several machines; its listener speaks no TLS. */
    public static ProxyProcess startBeforeEdges(final Path folder, final int edge1, final int... others)
            throws IOException {
        final int port = freePort();
        final StringBuilder rest = new StringBuilder();
        for (int i = 0; i < others.length; i++) {
            rest.append(i == 0 ? "" : "\n  server edge" + (i + 2) + ' ').append("127.0.0.1:").append(others[i]);
        }
        final Path file = write("config/deploy/haproxy.cfg", folder.resolve("edges.cfg"), Map.of("edge1:8080",
            "127.0.0.1:" + edge1, "edge2:8080", rest.toString(), "bind :80\n", "bind :" + port + '\n'));
        return start("haproxy", List.of(program("haproxy"), "-db", "-f", file.toString()), port, folder);
    }

    private static ProxyProcess start(final String name, final List<String> command, final int port, final Path folder)
            throws IOException {
        final Path said = folder.resolve("said.txt");
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOME", folder.toString());
        builder.redirectErrorStream(true).redirectOutput(said.toFile());
        try {
            final ProxyProcess proxy = new ProxyProcess(builder.start(), port, said);
            await(name).atMost(Patience.LIMIT).until(proxy::isListening);
            return proxy;
        } catch (final IOException e) {
            throw new IOException(name + " is missing: apt-get install haproxy nginx-light caddy", e);
        }
    }

    private static List<String> command(final String name, final Path folder, final int relay1, final int relay2,
            final int port) throws IOException {
        return switch (name) {
            case "nginx" -> {
                final Path site = write("nginx.conf", folder.resolve("site.conf"), relay1, relay2, port);
                final Path all = Files.writeString(folder.resolve("nginx.conf"), """
                    daemon off; pid FOLDER/pid; error_log stderr; worker_processes 1;
                    events { worker_connections 4096; }
                    http {
                      access_log off; client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxied;
                      fastcgi_temp_path FOLDER/fastcgi; uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;
                      include SITE;
                    }
                    """.replace("FOLDER", folder.toString()).replace("SITE", site.toString()));
                yield List.of(program("nginx"), "-e", "stderr", "-c", all.toString());
            }
            case "haproxy" -> List.of(program("haproxy"), "-db", "-f",
                write("haproxy.cfg", folder.resolve("haproxy.cfg"), relay1, relay2, port).toString());
            default -> {
                // Java names the host in a handshake only if its name has a dot
                final Path file = write("Caddyfile", folder.resolve("Caddyfile"), relay1, relay2, port);
                Files.writeString(file, "{\n\tadmin off\n\tdefault_sni localhost\n}\n" + Files.readString(file));
                yield List.of(program("caddy"), "run", "--adapter", "caddyfile", "--config", file.toString());
            }
        };
    }

    /** The shipped file with the addresses of this test; each of them has to be in it. */
    private static Path write(final String shipped, final Path file, final int relay1, final int relay2,
            final int port) throws IOException {
        return write("config/proxy/" + shipped, file, Map.of("127.0.0.1:8080", "127.0.0.1:" + relay1,
            "127.0.0.1:8090", "127.0.0.1:" + relay2, "8443", Integer.toString(port),
            CERTIFICATES, file.getParent().toString()));
    }

    private static Path write(final String shipped, final Path file, final Map<String, String> others)
            throws IOException {
        String text = Files.readString(Pages.path(shipped));
        for (final Map.Entry<String, String> each : others.entrySet()) {
            assertThat(text).as(shipped).contains(each.getKey());
            text = text.replace(each.getKey(), each.getValue());
        }
        // fewer descriptors than in production
        return Files.writeString(file, text.replace("quotes.example.com", "localhost").replace("maxconn 40000",
            "maxconn 4000"));
    }

    /** Debian has those of administrators where a user's shell does not look. */
    private static String program(final String name) {
        final File ofAdministrators = new File("/usr/sbin", name);
        return ofAdministrators.exists() ? ofAdministrators.getPath() : name;
    }

    /** One that nothing listens to. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean isListening() throws IOException {
        assertThat(process.isAlive()).withFailMessage(() -> "it has ended: " + said()).isTrue();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (final IOException e) {
            return false;
        }
    }

    /** What it printed. */
    public String said() {
        try {
            return Files.readString(said);
        } catch (final IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
