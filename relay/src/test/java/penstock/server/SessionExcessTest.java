package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.telemetry.Counter;
import penstock.testkit.Patience;
import penstock.testkit.GoodClient;

/** Sessions beyond the limit of their client, on two io threads. */
@Timeout(Patience.TEST_SECONDS)
class SessionExcessTest {
    private static final String REPLACED = "close 4409 replaced by a newer session";

    private static ServedFeed served;

    @BeforeAll
    static void serve() throws IOException {
        served = ServedFeed.withAccess(new TestClients().with("one", 1, OnExcess.EVICT_OLDEST)
            .with("many", 3, OnExcess.EVICT_OLDEST).with("counted", 1, OnExcess.COUNT)
            .with("good", 1, OnExcess.DENY_NEW).access);
        served.live();
        served.tick("EURUSD", "{\"bid\":1.10}");
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @AfterEach
    void shouldServeAnotherClientAtOnce() throws IOException {
        GoodClient.assertServed(served.port(), TestClients.bearer("good"));
    }

    @Test
    void shouldEndTheOldestSessionOnWhicheverThreadAndByWhicheverEndpointTheNewOneComes() throws IOException {
        final long before = served.count(Counter.SESSIONS_EVICTED);
        SocketClient oldest = open("/v1/ws", "one");
        for (int i = 0; i < 6; i++) {
            final SocketClient next = i % 2 == 0 ? served.upgraded("/v1/ws") : open("/v1/raw?symbols=EURUSD", "one");
            if (i % 2 == 0) {
                next.say("{\"op\":\"auth\",\"id\":1,\"token\":\"key-one\"}");
            }
            assertThat(oldest.readUntil("close ")).isEqualTo(REPLACED);
            oldest.close();
            oldest = next;
        }
        try (EventClient events = new EventClient(served.port(), "/v1/sse?symbols=EURUSD", 0,
            TestClients.bearer("one"))) {
            assertThat(oldest.readUntil("close ")).isEqualTo(REPLACED);
            open("/v1/ws", "one").close();
            assertThat(events.readUntil("notice").data()).contains("closed: 4409 replaced by a newer session");
        }
        oldest.close();
        assertThat(served.count(Counter.SESSIONS_EVICTED) - before).isEqualTo(8);
    }

    @Test
    void shouldLetNoMoreThanTheLimitLiveHoweverManyComeAtOnce() throws Exception {
        final long before = served.count(Counter.SESSIONS_EVICTED);
        final List<CompletableFuture<SocketClient>> opening = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            opening.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return open("/v1/ws", "many");
                } catch (final IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (final CompletableFuture<SocketClient> each : opening) {
            assertThat(each.get().status).isEqualTo(101);
        }
        await().until(() -> served.count(Counter.SESSIONS_EVICTED) - before == 21);
        int live = 0;
        for (final CompletableFuture<SocketClient> each : opening) {
            live += isLive(each.get()) ? 1 : 0;
        }
        assertThat(live).isEqualTo(3);
        for (final CompletableFuture<SocketClient> each : opening) {
            each.get().close();
        }
        await().until(() -> served.sessions() == 0);
    }

    @Test
    void shouldLetMoreInAndCountThem() throws IOException {
        final long before = served.count(Counter.SESSIONS_OVER_LIMIT);
        try (SocketClient first = open("/v1/ws", "counted"); SocketClient second = open("/v1/ws", "counted")) {
            assertThat(second.status).isEqualTo(101);
            first.say("ping");
            assertThat(first.readUntil("pong")).isEqualTo("pong");
        }
        assertThat(served.count(Counter.SESSIONS_OVER_LIMIT) - before).isEqualTo(1);
    }

    /** What the relay says to a ping: pong, or good-bye. */
    private static boolean isLive(final SocketClient client) throws IOException {
        client.say("ping");
        String answer = client.read();
        while (answer != null && !answer.equals("pong") && !answer.startsWith("close ")) {
            answer = client.read();
        }
        if (!"pong".equals(answer)) {
            assertThat(answer).isEqualTo(REPLACED);
        }
        return "pong".equals(answer);
    }

    private static SocketClient open(final String target, final String id) throws IOException {
        return served.connect().http(SocketClient.handshake(target)
            .replace("\r\n\r\n", "\r\n" + TestClients.bearer(id) + "\r\n\r\n"));
    }
}
