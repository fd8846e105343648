package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.config.relay.ServerConfig;
import penstock.telemetry.Counter;
import penstock.testkit.GoodClient;

/** The clients are those that a proxy on this machine names. */
class QuotasTest {
    private static final String GREEDY = "203.0.113.7";
    private static final String GOOD = "198.51.100.1";

    @Test
    void shouldRefuseTheFiftyFirstSessionOfAnAddressUntilOneEnds() throws IOException {
        final List<SocketClient> sessions = new ArrayList<>();
        try (ServedFeed served = served(new ServerConfig.Quotas(50, 0, 0))) {
            for (int i = 0; i < 50; i++) {
                sessions.add(request(served, i % 2 == 0 ? "/v1/ws" : "/v1/raw?symbols=A", GREEDY, ""));
                assertThat(sessions.get(i).status).isEqualTo(101);
            }
            for (final String target : List.of("/v1/ws", "/v1/raw?symbols=A", "/v1/sse?symbols=A")) {
                try (SocketClient refused = request(served, target, GREEDY, "")) {
                    assertThat(refused.status).isEqualTo(429);
                    assertThat(refused.header("Retry-After")).isEqualTo("5");
                    assertThat(refused.body).contains("\"too_many_sessions\"", "server.max-sessions-per-address")
                        .doesNotContain(GREEDY);
                }
            }
            try (SocketClient page = request(served, "/v1/ws", GREEDY, "Origin: http://localhost\r\n")) {
                assertThat(page.read()).startsWith("close 4429 too_many_sessions: ");
            }
            assertThat(served.sessions()).isEqualTo(50);
            GoodClient.assertServed(served.port(), "X-Forwarded-For: " + GOOD);
            sessions.get(7).close();
            await("room").untilAsserted(() -> {
                try (SocketClient again = request(served, "/v1/ws", GREEDY, "")) {
                    assertThat(again.status).isEqualTo(101);
                }
            });
        } finally {
            for (final SocketClient session : sessions) {
                session.close();
            }
        }
    }

    /** What is refused takes no place. */
    @Test
    void shouldNotCountSessionsThatWereNotOpened() throws IOException {
        try (ServedFeed served = served(new ServerConfig.Quotas(1, 0, 0))) {
            for (final String target : List.of("/v1/raw?symbols=A&channel=nope", "/v1/raw", "/v1/sse?symbol=A",
                    "/v1/ws?token=x", "/v1/sse?symbols=*&mode=once")) {
                request(served, target, GREEDY, "").close();
            }
            await("room").untilAsserted(() -> {
                try (SocketClient session = request(served, "/v1/ws", GREEDY, "")) {
                    assertThat(session.status).isEqualTo(101);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/ws", "/v1/raw?symbols=A", "/v1/sse?symbols=A"})
    void shouldAnswer429ToAFloodOfHandshakesAndServeAGoodClientFromElsewhere(final String target) throws IOException {
        final int flood = 1_000;
        final int perSecond = 4;
        try (ServedFeed served = served(new ServerConfig.Quotas(0, 0, perSecond))) {
            final long beganNs = System.nanoTime();
            int refused = 0;
            for (int i = 0; i < flood; i++) {
                try (SocketClient client = request(served, target, GREEDY, "")) {
                    if (client.status == 429) {
                        assertThat(client.header("Retry-After")).isEqualTo("1");
                        assertThat(client.body).contains("\"too_many_handshakes\"",
                            "server.handshakes-per-second-per-address");
                        refused++;
                    }
                }
                if (i % 100 == 50) {
                    GoodClient.assertServed(served.port(), "X-Forwarded-For: 198.51.100." + i / 100);
                }
            }
            final double seconds = (System.nanoTime() - beganNs) / 1e9;
            assertThat(flood - refused).isBetween(perSecond, (int) (perSecond * (1 + seconds)) + 1);
            assertThat(served.telemetry.sum(Counter.SESSIONS_OPENED)).isEqualTo(flood - refused + 10);
        }
    }

    @Test
    void shouldBoundTheHandshakesOfAllAddresses() throws IOException {
        try (ServedFeed served = served(new ServerConfig.Quotas(0, 2, 0))) {
            final List<Integer> answers = new ArrayList<>();
            final long beganNs = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                try (SocketClient client = request(served, "/v1/ws", "10.0.0." + i, "")) {
                    answers.add(client.status);
                }
            }
            final double seconds = (System.nanoTime() - beganNs) / 1e9;
            assertThat(answers.stream().filter(answer -> answer == 101).count())
                .isBetween(2L, (long) (2 * (1 + seconds)) + 1);
            assertThat(answers).containsOnly(101, 429);
            try (SocketClient health = served.connect().get("/healthz")) {
                assertThat(health.status).isEqualTo(200);
            }
        }
    }

    private static ServedFeed served(final ServerConfig.Quotas quotas) throws IOException {
        final ServedFeed served = ServedFeed.withEdge(
            new ServerConfig.Edge(List.of(), List.of(), List.of("127.0.0.1"), false, quotas));
        served.live();
        served.tick("A", "1");
        return served;
    }

    private static SocketClient request(final ServedFeed served, final String target, final String client,
            final String header) throws IOException {
        return served.connect().http(SocketClient.handshake(target).replace("\r\n\r\n",
            "\r\n" + header + "X-Forwarded-For: " + client + "\r\n\r\n"));
    }
}
