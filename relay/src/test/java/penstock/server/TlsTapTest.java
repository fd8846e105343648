package penstock.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.ServerConfig;
import penstock.config.relay.ServerConfig.ClientCertificates;
import penstock.server.tls.ServerTls;
import penstock.tap.TapCommand;
import penstock.testkit.TestAuthority;
import picocli.CommandLine;

/** {@code tap} at a listener with TLS. */
class TlsTapTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");

    @TempDir
    private Path folder;
    private ServedFeed feed;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        AUTHORITY.issue("relay", "localhost").write(folder.resolve("own.pem"), folder.resolve("own.key"));
        AUTHORITY.write(folder.resolve("authorities.pem"));
        feed = new ServedFeed(new ServerTls("server.tls", new ServerConfig.Tls(folder.resolve("own.pem").toString(),
            folder.resolve("own.key").toString(), null, ClientCertificates.NONE)));
        feed.live();
        feed.tick("A", "1.10");
    }

    @AfterEach
    void stop() {
        feed.close();
    }

    @Test
    void shouldServeATapThatTrustsTheAuthority() {
        assertThat(tap("--ca", folder.resolve("authorities.pem").toString())).isZero();
        assertThat(printed.toString(UTF_8)).contains("1.10", "ledger ok");
    }

    @Test
    void shouldNotServeATapThatDoesNotTrustTheAuthority() {
        assertThat(tap()).isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains("cannot connect to wss://localhost:" + feed.port());
    }

    @Test
    void shouldSayThatTheFileOfAuthoritiesIsMissing() {
        assertThat(tap("--ca", folder.resolve("missing.pem").toString())).isEqualTo(2);
        assertThat(printed.size()).isZero();
    }

    private int tap(final String... more) {
        final Stream<String> usual =
            Stream.of("wss://localhost:" + feed.port(), "--symbols", "A", "--count", "1", "--seconds", "60");
        return new CommandLine(new TapCommand(printed))
            .execute(Stream.concat(usual, Stream.of(more)).toArray(String[]::new));
    }
}
