package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.fanout.harm.BehindCause;
import penstock.fanout.harm.HarmMeter;
import penstock.fanout.harm.HarmOrder;
import penstock.testkit.RecordingSocket;
import penstock.topic.Channel;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/** How late a session is, and why, as the operator sees it. */
class SessionHarmTest {
    private static final long NS_PER_S = 1_000_000_000L;

    private ShardRig rig = new ShardRig();
    private RecordingSocket socket = rig.socket();
    private Session session;

    @Test
    void shouldFindNothingWrongWithASessionThatHasEverything() {
        subscribe(100);
        rig.tick("EURUSD");
        rig.thread.advanceMs(15_000);

        assertNotBehind();
        rig.tick("EURUSD");
        rig.thread.advanceMs(200);
        assertNotBehind();
    }

    @Test
    void shouldCountFromWhenTheSocketWasBlocked() {
        subscribe(0);
        rig.tick("EURUSD");
        rig.thread.advanceMs(15_000);
        socket.takeOnly(3);
        rig.tick("EURUSD");
        rig.thread.advanceMs(1_000);
        rig.tick("EURUSD");
        rig.thread.advanceMs(4_000);

        final HarmMeter harm = harm();
        assertThat(harm.cause()).isEqualTo(BehindCause.SOCKET);
        assertThat(harm.blockedNs()).isEqualTo(5 * NS_PER_S);
        assertThat(harm.lateNs()).isBetween(4 * NS_PER_S, 5 * NS_PER_S);
        assertThat(harm.waitingBytes()).isEqualTo(session.inspected().queue().unfinished().length).isPositive();
        socket.takeAll();
        session.onWritable();
        rig.thread.advanceMs(1);
        assertNotBehind();
        assertThat(session.inspected().queue().blockedForNs(rig.thread.nowNs())).isEqualTo(5 * NS_PER_S);
    }

    @Test
    void shouldNotCallASessionLateThatAskedForALongInterval() {
        subscribe(60_000);
        rig.tick("EURUSD");
        rig.thread.advanceMs(1);
        rig.tick("EURUSD");
        rig.thread.advanceMs(30_000);

        final HarmMeter harm = harm();
        assertThat(harm.cause()).isEqualTo(BehindCause.INTERVAL);
        assertThat(harm.behindNs()).isBetween(29 * NS_PER_S, 31 * NS_PER_S);
        assertThat(harm.lateNs()).isZero();
    }

    @Test
    void shouldSayThatTheLimitOfUpdatesIsUsedUp() {
        subscribe(new SubscriptionOptions(Mode.CONFLATE, 0, null, 1, -1, ContentOptions.UNSPECIFIED), "quote");
        rig.tick("A", "B", "C", "D", "E");
        rig.tick("A", "B", "C", "D", "E");
        rig.thread.advanceMs(1_500);

        assertThat(harm().cause()).isEqualTo(BehindCause.RATE);
        assertThat(harm().lateNs()).isPositive();
    }

    @Test
    void shouldSayThatTheLimitOfBytesIsUsedUp() {
        subscribe(new SubscriptionOptions(Mode.CONFLATE, 0, null, -1, 1_000, ContentOptions.UNSPECIFIED), "quote");
        for (int i = 0; i < 30; i++) {
            rig.tick("A", "B", "C", "D", "E", "F", "G", "H", "I", "J");
            rig.thread.advanceMs(10);
        }

        assertThat(harm().cause()).isEqualTo(BehindCause.BANDWIDTH);
    }

    @Test
    void shouldSayThatTheRelayHasNotComeToItYet() {
        subscribe(0);
        rig.tick("EURUSD");
        rig.thread.advanceMs(15_000);
        rig.feed.tick("EURUSD", rig.thread.nowNs());
        rig.feed.flush();
        rig.shard.newestTopics();

        assertThat(harm().cause()).isEqualTo(BehindCause.RELAY);
        assertThat(harm().behindNs()).as("the time before is none of its age").isZero();
    }

    @Test
    void shouldCountWhatIsMissingInModeAll() {
        rig = new ShardRig(new SessionLimits(3, 10, 65_536, 20, 0, 60_000), 4_096, 1 << 16,
            List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false)));
        socket = rig.socket();
        subscribe(SubscriptionOptions.of(Mode.ALL, -1, Overflow.GAP), "trade");
        rig.tick("T.A");
        socket.takeOnly(3);
        for (int i = 0; i < 10_000; i++) {
            rig.tick("T.A");
        }
        assertThat(harm().cause()).isEqualTo(BehindCause.SOCKET);
        socket.takeAll();
        session.onWritable();
        rig.thread.advanceMs(1_000);

        final long told = ShardRig.texts(socket).stream().filter(text -> text.contains("\"type\":\"gap\""))
            .mapToLong(text -> Long.parseLong(text.replaceAll(".*\"missed\":(\\d+).*", "$1"))).sum();
        assertThat(harm().missed()).isEqualTo(told).isGreaterThan(1_000);
        assertThat(harm().key(HarmOrder.MISSED)).isEqualTo(told);
    }

    private void subscribe(final int intervalMs) {
        session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", intervalMs, "*");
    }

    private void subscribe(final SubscriptionOptions options, final String channel) {
        session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(new Request.Subscribe("1", "0", channel, ShardRig.patterns("*"), true, null, options));
        rig.thread.run();
    }

    private HarmMeter harm() {
        return rig.shard.sessions().harm().measure(session.inspected(), rig.thread.nowNs());
    }

    private void assertNotBehind() {
        assertThat(session.isOpen()).isTrue();
        final HarmMeter harm = harm();
        assertThat(harm.cause()).isNull();
        assertThat(harm.behindNs() + harm.lateNs() + harm.blockedNs() + harm.waitingBytes() + harm.missed()).isZero();
    }
}
