package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.fanout.subscription.Interest;
import penstock.testkit.RecordingSocket;
import penstock.wire.SessionLimits;

/** A request that is valid and probably not meant so is answered with a warning. */
class SubscribeHintsTest {
    private final ShardRig rig = new ShardRig(new SessionLimits(9, 100, 65_536, 100, 0, 60_000));
    private final RecordingSocket socket = rig.socket();
    private Session session;

    @Test
    void shouldWarnOfANameInTheWrongCase() {
        rig.tick("BTCUSDT");
        assertThat(ack("btcusdt", "ETHUSDT", "BTCUSDT"))
            .contains("\"warnings\":[\"btcusdt is unknown, and BTCUSDT is known: case counts\"]");
        assertThat(ack("BTCUSDT", "*")).doesNotContain("warnings");
    }

    @Test
    void shouldWarnOfAPatternOnDemand() {
        rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), Interest.NONE, 2);
        assertThat(ack("A*")).contains("\"warnings\":[\"the feed is on demand: a pattern matches only symbols that");
        assertThat(ack("A", "B")).doesNotContain("warnings");
    }

    @Test
    void shouldLimitTheNamesOfASessionOnDemand() {
        rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), Interest.NONE, 2);
        assertThat(ack("A", "B", "C*")).contains("\"type\":\"ack\"");
        assertThat(ack("D")).contains("\"status\":413,\"code\":\"too_many_symbols\"")
            .contains("feed.max-symbols-per-session");
        assertThat(ack("A")).contains("\"type\":\"ack\"");
    }

    private String ack(final String... symbols) {
        session = session == null ? rig.open(socket, WebSocketFormat.PLAIN) : session;
        ShardRig.texts(socket);
        rig.subscribe(session, "0", 0, symbols);
        final List<String> texts = ShardRig.texts(socket);
        return texts.stream().filter(text -> text.contains("\"ack\"") || text.contains("\"error\"")).findFirst()
            .orElseThrow();
    }
}
