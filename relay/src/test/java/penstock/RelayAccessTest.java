package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.RelayConfigLoader;
import penstock.telemetry.Telemetry;
import penstock.testkit.RecordedLog;

class RelayAccessTest {
    private static final String JWT = """
        feed { venue = json, url = "ws://127.0.0.1:1/" }
        auth { mode = jwt, keys-file = keys.conf, jwt { jwks = jwks.json, issuer = i, audience = a } }
        products { fx { symbols = ["*"] } }
        """;
    private static final String TLS = """
        server.tls { certificate = own.pem, key = own.key, client-authorities = a.pem, client-certificates = optional }
        """;

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("keys.conf"),
            "keys = [{ id = desk-7, certificate = desk-7, products = [fx] }]");
        Files.writeString(folder.resolve("jwks.json"), "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\""
            + "A".repeat(43) + "\"}]}");
    }

    @Test
    void shouldTakeCertificatesBesideTokensOfAnIdentityProvider() throws IOException {
        try (RecordedLog log = new RecordedLog(RelayAccess.class.getName()); RelayAccess access = access(JWT + TLS)) {
            assertThat(access.control().mode()).isEqualTo("jwt");
            assertThat(access.control().certified("desk-7", Long.MAX_VALUE).id()).isEqualTo("desk-7");
            assertThat(access.control().certified("desk-8", Long.MAX_VALUE)).isNull();
            assertThat(access.control().certified("desk-7", 1)).as("it has ended").isNull();
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void shouldWarnOfCertificatesThatNoClientCanShow() throws IOException {
        try (RecordedLog log = new RecordedLog(RelayAccess.class.getName()); RelayAccess access = access(JWT)) {
            assertThat(access.control().isOn()).isTrue();
            assertThat(log.lines()).singleElement().asString().startsWith("WARN ").endsWith("keys.conf names "
                + "certificates of clients, and no client can show one: set server.tls.client-authorities, and "
                + "server.tls.client-certificates = optional or required");
        }
    }

    private RelayAccess access(final String text) throws IOException {
        final Path file = Files.writeString(folder.resolve("relay.conf"), text);
        return RelayAccess.of(new RelayConfigLoader(Map.of()).load(file, List.of()), new Telemetry(),
            Clock.systemUTC());
    }
}
