package penstock.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.testkit.RecordedLog;

/** What is said of a connection that fails: why, what to do, once, and without secrets. */
class NatsHealthTest {
    private static final long SECOND_US = 1_000_000;

    private long nowUs = SECOND_US;
    private final NatsHealth health = new NatsHealth(new NatsHealth.Words("link", "away", "LOGIN", "TLS", "SERVERS",
        "SUBJECTS"), () -> nowUs);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        javax.net.ssl.SSLHandshakeException: PKIX path building failed                          | TLS
        java.security.cert.CertificateException: No subject alternative names present           | TLS
        SSL connection wanted by client                                                         | TLS
        Remote host terminated the handshake: TLS alert                                         | TLS
        java.net.ConnectException: Connection refused                                           | SERVERS
        java.net.UnknownHostException: bus1                                                     | SERVERS
        Authorization Violation                                                                 | LOGIN
        User Authentication Expired                                                             | LOGIN
        """)
    void shouldKnowTheRemedyOfAFailureWhoseWordsComeBefore(final String failure, final String remedy) {
        health.onProblem(failure);
        health.onLost("Unable to connect to NATS servers: [tls://bus1:4222]");
        nowUs += 3 * SECOND_US;
        assertThat(health.problem()).contains(failure).endsWith("; " + remedy);
        assertThat(health.find()).singleElement().satisfies(finding -> {
            assertThat(finding.remedy()).isEqualTo(remedy);
            assertThat(finding.cause()).contains(failure);
        });
        health.onConnected("tls://bus1:4222");
        assertThat(health.problem()).isNull();
        assertThat(health.find()).isEmpty();
    }

    @Test
    void shouldNotBlameTlsForAServerThatIsAway() {
        health.onLost("Unable to connect to NATS servers: [tls://bus1:4222]");
        assertThat(health.problem()).endsWith("; SERVERS");
    }

    @Test
    void shouldLogEachFailureOnceUntilThereIsAConnection() {
        try (RecordedLog log = new RecordedLog("penstock.nats")) {
            for (int i = 0; i < 10; i++) {
                health.onError("Authorization Violation");
                health.onRefused("Authentication error connecting to NATS server: Authorization Violation");
            }
            assertThat(log.lines()).hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("WARN").contains("LOGIN"));
            for (int i = 0; i < 100; i++) {
                health.onLost("of a server's making " + i);
            }
            assertThat(log.lines()).as("a server cannot fill the log").hasSizeLessThan(20);
            health.onConnected("nats://bus1:4222");
            health.onDisconnected();
            assertThat(log.lines()).last().asString().contains("the connection was lost", "SERVERS");
        }
    }

    @Test
    void shouldNameTheSubjectsThatAreRefusedUntilTheyAreNot() {
        health.onConnected("nats://bus1:4222");
        for (int i = 0; i < 100; i++) {
            health.onError("Permissions Violation for Publish to \"penstock.demo." + i + "\"");
        }
        assertThat(health.find()).singleElement().satisfies(finding -> {
            assertThat(finding.text()).isEqualTo("the server refuses at least 32 of its subjects");
            assertThat(finding.cause()).contains("penstock.demo.0");
            assertThat(finding.remedy()).isEqualTo("SUBJECTS");
        });
        assertThat(health.problem()).startsWith("the server refuses a subject, Permissions Violation");
        nowUs += 11 * SECOND_US;
        assertThat(health.problem()).isNull();
        assertThat(health.find()).isEmpty();
    }

    @Test
    void shouldNameASubscriptionThatIsRefusedUntilThereIsAnotherConnection() {
        health.onConnected("nats://bus1:4222");
        health.onError("Permissions Violation for Subscription to \"penstock.demo.1\"");
        nowUs += 1_000 * SECOND_US;
        assertThat(health.find()).hasSize(1);
        assertThat(health.problem()).contains("penstock.demo.1");
        health.onConnected("nats://bus1:4222");
        assertThat(health.find()).isEmpty();
    }

    @Test
    void shouldShowNoLoginAndNothingThatIsNoText() {
        try (RecordedLog log = new RecordedLog("penstock.nats")) {
            health.onLost("no server at nats://user:secret@bus1:4222\n" + "x".repeat(1_000));
            assertThat(health.problem()).contains("nats://bus1:4222?x").doesNotContain("secret").hasSizeLessThan(320);
            assertThat(log.lines()).hasSize(1).noneMatch(line -> line.contains("secret") || line.contains("\n"));
        }
    }
}
