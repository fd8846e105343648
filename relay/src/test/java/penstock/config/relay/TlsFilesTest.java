package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.ConfigException;

class TlsFilesTest {
    private static RelayConfig load(final String text) {
        return new RelayConfigLoader(Map.of()).loadText("relay.conf", "feed { venue = json, url = \"ws://h/\" }\n"
            + text, List.of());
    }

    @Test
    void shouldReadTheFilesOfEachSection() {
        final RelayConfig config = load("server.tls { certificate = a.pem, key = /b.key, client-authorities = c.pem, "
            + "client-certificates = required }\nadmin.tls { certificate = d.pem, key = d.key }\n"
            + "feed.tls.authorities = e.pem");

        assertThat(config.server().listen().tls()).isEqualTo(new ServerConfig.Tls("a.pem", "/b.key", "c.pem",
            ServerConfig.ClientCertificates.REQUIRED));
        assertThat(config.admin().tls()).isEqualTo(new ServerConfig.Tls("d.pem", "d.key", null,
            ServerConfig.ClientCertificates.NONE));
        assertThat(config.feed().access().tls()).isEqualTo(new FeedConfig.Tls("e.pem", null, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "server.tls.certificate = a              | server.tls.certificate: needs key, the file that belongs to it",
        "admin.tls.key = a                       | admin.tls.key: needs certificate, the file that belongs to it",
        "feed.tls.certificate = a                | feed.tls.certificate: needs key",
        "server.tls.client-certificates = always | must be one of none, optional, required",
        "server.tls.client-certificates = optional | needs client-authorities",
        "server.tls.client-authorities = a       | has no effect while client-certificates is none",
        "server.tls { client-authorities = a, client-certificates = optional } | needs TLS; set certificate and key",
        "server.tls.key = \" \"                  | must be the path of a PEM file; name one",
        "server.tls.cert = a                     | unknown key"})
    void shouldRefuseWhatDoesNotFit(final String text, final String words) {
        assertThatThrownBy(() -> load(text)).isInstanceOf(ConfigException.class).hasMessageContaining(words);
    }
}
