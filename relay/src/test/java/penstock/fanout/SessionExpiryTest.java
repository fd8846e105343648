package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.config.relay.AuthConfig;
import penstock.fanout.format.WebSocketFormat;
import penstock.identity.AccessControl;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.ring.TickRing;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;

/**
 * A token that expires while its session runs. The token is its time of expiry, in seconds since the start; 0: never.
 */
class SessionExpiryTest {
    private static final long LONG_NS = 60_000_000_000L;
    private static final long START_MS = 1_700_000_000_000L;

    private final ManualThread thread = new ManualThread(0);
    private final Counters counters = new Counters("fanout-0");
    private final TickRing ring = new TickRing(64, 1 << 16);
    private final Shard shard = TestShards.shard(thread, ring.poller(counters),
        new TopicTable(List.of(new Channel(0, "quote", "last-value", true)), 7, 0),
        new SessionTimeouts(LONG_NS, LONG_NS, LONG_NS, LONG_NS), new SessionLimits(3, 10, 65536, 20, 0, 60_000),
        counters, new ErrorLog());
    private final AccessControl access = new AccessControl("jwt",
        token -> new Principal("desk-7", Set.of("all"), 0,
            token.equals("0") ? Principal.NEVER : START_MS + 1_000 * Long.parseLong(token), "test"),
        new Products(Map.of("all", new AuthConfig.Product(List.of(), List.of("*")))),
        Clock.fixed(Instant.ofEpochMilli(START_MS), ZoneOffset.UTC));
    private final RecordingSocket socket = new RecordingSocket(thread, new Random(1));
    private Session session;

    @BeforeEach
    void begin() throws RequestException {
        shard.authenticate(access);
        new ShardProxy(thread, shard).start();
        open("10");
    }

    private void open(final String token) throws RequestException {
        session = shard.open(socket, WebSocketFormat.PLAIN, "test", access.authenticate(token, null), "test");
        thread.run();
    }

    @Test
    void shouldCloseASessionWithinASecondAfterItsTokenExpires() {
        thread.advanceMs(9_900);
        assertThat(session.isOpen()).isTrue();
        thread.advanceMs(1_000);
        assertThat(session.isOpen()).isFalse();
        assertThat(counters.get(Counter.TOKENS_EXPIRED)).isEqualTo(1);
    }

    @Test
    void shouldCloseInTimeASessionThatNeverStopsSendingRequests() {
        for (int ms = 0; ms < 10_900; ms += 100) {
            session.onRequest(new Request.Ping("1"));
            thread.advanceMs(100);
        }
        assertThat(session.isOpen()).isFalse();
        assertThat(counters.get(Counter.TOKENS_EXPIRED)).isEqualTo(1);
    }

    @Test
    void shouldKeepASessionThatShowsANewTokenInTime() {
        thread.advanceMs(9_000);
        session.onRequest(new Request.Auth("1", "20"));
        thread.advanceMs(9_000);
        assertThat(session.isOpen()).isTrue();
        thread.advanceMs(3_000);
        assertThat(session.isOpen()).isFalse();
    }

    @Test
    void shouldCloseInTimeASessionWhoseTokenDidNotExpireAndThatShowsOneThatDoes() throws RequestException {
        open("0");
        thread.advanceMs(1_000);
        session.onRequest(new Request.Auth("1", "5"));
        thread.advanceMs(3_900);
        assertThat(session.isOpen()).isTrue();
        thread.advanceMs(1_100);
        assertThat(session.isOpen()).isFalse();
        assertThat(counters.get(Counter.TOKENS_EXPIRED)).isEqualTo(1);
    }
}
