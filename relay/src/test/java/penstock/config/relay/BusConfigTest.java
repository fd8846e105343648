package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.ConfigException;

class BusConfigTest {
    @Test
    void shouldReadOneAddressOrSeveral() {
        assertThat(bus("").isOn()).isFalse();
        assertThat(bus("bus.nats.url = \"nats://a:1\"").url()).containsExactly("nats://a:1");
        final BusConfig.Nats nats = bus("bus.nats { url = [\"tls://a\", \"nats://b:2/\"], subject = \"x.{feed}.y\", name = r1,"
            + " credentials-file = f }");
        assertThat(nats.url()).containsExactly("tls://a", "nats://b:2/");
        assertThat(nats.subject()).isEqualTo("x.{feed}.y");
        assertThat(nats.login().credentialsFile()).endsWith("f");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        bus.nats.url = "bus1:4222" | bus.nats.url: must be addresses like nats://bus1:4222
        bus.nats.url = "nats://u:geheim@bus1:4222" | without a path and a password
        bus.nats.url = ["nats://a", "http://b"] | must be addresses like nats://bus1:4222
        bus.nats.url = "nats://a b" | no address: Illegal character
        bus.nats.subject = "penstock" | must have {feed} as one of its words, like penstock.{feed}
        bus.nats.subject = "a.{feed}.>" | must be words of A-Z a-z 0-9 _ -
        bus.nats.subject = "a{feed}" | must be words of A-Z a-z 0-9 _ -
        bus.nats.subject = "" | must be words of A-Z a-z 0-9 _ -
        bus.nats.name = "a b" | must be 1 to 64 of A-Z
        bus.nats.user = u | needs password-file, with its password
        bus.nats.password-file = f | needs user, whose password that is
        bus.nats { user = u, password-file = f, token-file = g } | three ways to log in: keep one of them
        bus.nats { credentials-file = f, token-file = g } | three ways to log in: keep one of them
        bus.nats { url = "nats://a", tls.authorities = f } | bus.nats.tls: has no effect
        bus.nats.tls.key = f | needs certificate
        bus.kafka.url = "x" | kafka
        """)
    void shouldRefuseWithTheReason(final String text, final String problem) {
        assertThatThrownBy(() -> bus(text)).isInstanceOf(ConfigException.class)
            .hasMessageContaining(problem).hasMessageNotContaining("geheim");
    }

    /** The section as it is read. */
    private static BusConfig.Nats bus(final String text) {
        return new RelayConfigLoader(Map.of()).loadText("test.conf", "feed.venue = demo\n" + text, List.of()).bus()
            .nats();
    }
}
