package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import penstock.config.relay.RelayConfigLoader;
import penstock.server.admin.ReloadReport;
import penstock.testkit.FrameSocket;
import penstock.venue.Venue;
import penstock.websocket.Opcode;

/**
 * A whole relay whose configuration is read again when the test says so. Closing it fails the test on any entry in the
 * error log. One thread.
 */
final class ReloadedRelay implements AutoCloseable {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    final Relay relay;
    private final Path folder;

    /** Started with the configuration {@code text}, in a file of {@code folder}. */
    ReloadedRelay(final Path folder, final String text) throws IOException {
        this.folder = folder;
        write(text);
        relay = Relay.after(() -> { }, read());
    }

    private ConfigOptions.Loaded read() {
        final RelayConfigLoader.Loaded read =
            new RelayConfigLoader(Map.of()).read(folder.resolve("relay.conf"), List.of());
        return new ConfigOptions.Loaded(read.config(), read.view(), read.config().feeds().values().stream()
            .map(feed -> Venue.load(feed.identity().venue(), feed.settings(), name -> null)).toList(), this::read);
    }

    private void write(final String text) throws IOException {
        Files.writeString(folder.resolve("relay.conf"), "server { port = 0, io-threads = 2, drain-time = 100ms }\n"
            + "admin.port = 0\ntelemetry.dir = \"" + folder.resolve("telemetry") + "\"\n" + text);
    }

    /** Writes another configuration, and reads it again. */
    ReloadReport reload(final String text) throws IOException {
        write(text);
        return relay.reload().reload();
    }

    /** The same with one that is good. */
    void follow(final String text) throws IOException {
        final ReloadReport report = reload(text);
        assertThat(report.problem()).isNull();
        assertThat(report.restart()).as("what needs a restart").isEmpty();
        assertThat(report.applied()).as("what has changed").isNotEmpty();
    }

    /** A file beside the configuration. */
    Path file(final String name) {
        return folder.resolve(name);
    }

    /** Writes a file beside the configuration, in one step. */
    void put(final String name, final String text) throws IOException {
        put(folder, name, text);
    }

    static void put(final Path folder, final String name, final String text) throws IOException {
        final Path next = Files.writeString(folder.resolve(name + ".next"), text);
        Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A session; {@code headers} are added to its handshake. */
    Client open(final String query, final String... headers) throws IOException {
        return new Client(relay.port(), query, headers);
    }

    /** A session that knows {@code feed}: each io thread learns of a feed a moment after the reload. */
    Client openTo(final String feed, final String query) throws IOException {
        while (true) {
            final Client client = open(query);
            if (client.readUntil("\"welcome\"").contains("{\"name\":\"" + feed + '"')) {
                return client;
            }
            client.close();
        }
    }

    @Override
    public void close() {
        relay.close();
        assertThat(relay.telemetry().errors().entries()).as("error log").isEmpty();
    }

    /** A session by WebSocket. */
    static final class Client extends FrameSocket {
        Client(final int port, final String query, final String... headers) throws IOException {
            super(port, 0);
            final StringBuilder more = new StringBuilder("\r\n");
            for (final String header : headers) {
                more.append(header).append("\r\n");
            }
            write(handshake("/v1/ws" + query, KEY).replace("\r\n\r\n", more + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(readHead()).startsWith("HTTP/1.1 101 ");
        }

        void say(final String text) throws IOException {
            write(text(text));
        }

        /** The next message with {@code part} in it, or the Close frame. */
        String readUntil(final String part) throws IOException {
            while (true) {
                final Frame frame = readFrame();
                final String text = frame.opcode() == Opcode.CLOSE ? "close " + frame.close() : frame.text();
                if (frame.opcode() == Opcode.CLOSE || text.contains(part)) {
                    return text;
                }
            }
        }

        /** Every message up to the answer to a ping of the protocol. */
        String readAll() throws IOException {
            say("{\"op\":\"ping\",\"id\":\"all\"}");
            final StringBuilder all = new StringBuilder();
            while (all.indexOf("\"type\":\"pong\",\"id\":\"all\"") < 0) {
                all.append(readFrame().text()).append('\n');
            }
            return all.toString();
        }
    }
}
