package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.fanout.subscription.SymbolLimits;
import penstock.testkit.RecordingSocket;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;

/** What a session may keep, and what it may not make the shard remember. */
class SubscriptionLimitsTest {
    private final ShardRig rig = new ShardRig();
    private final RecordingSocket socket = rig.socket();

    @Test
    void shouldLetASessionAtItsLimitChangeOptions() {
        rig.tick("S0", "S1", "S2");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        final String[] most = {"S0", "S1", "S2", "N3", "N4", "N5", "N6", "N7", "N8", "A*"};
        rig.subscribe(session, "0", 0, most);
        ShardRig.texts(socket);
        rig.subscribe(session, "0", 250, most);
        assertThat(ShardRig.texts(socket).get(0)).contains("\"ack\"", "\"interval\":250");
        rig.subscribe(session, "0", 250, "N9");
        assertThat(ShardRig.texts(socket).get(0)).contains("too_many_symbols", "this makes 11");
    }

    @Test
    void shouldRememberNoMoreExclusionsThanSymbols() {
        rig.tick("EURUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "*");
        for (int i = 0; i < 9; i++) {
            session.onRequest(new Request.Unsubscribe("1", "0", ShardRig.patterns("NOT" + i)));
        }
        session.onRequest(new Request.Unsubscribe("2", "0", ShardRig.patterns("EURUSD", "NOT3")));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).noneMatch(text -> text.contains("\"error\""));
        session.onRequest(new Request.Unsubscribe("3", "0", ShardRig.patterns("NOT9")));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).singleElement().asString()
            .contains("\"id\":3", "too_many_symbols", "this makes 11");
        rig.tick("NOT3", "YES");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("YES").doesNotContain("NOT3");
    }

    @Test
    void shouldLimitThePatternsOfASession() {
        final ShardRig wide = new ShardRig(new SessionLimits(3, 5_000, 65_536, 20, 0, 60_000));
        final RecordingSocket other = wide.socket();
        final Session session = wide.open(other, WebSocketFormat.PLAIN);
        final String[] patterns = new String[SymbolLimits.MAX_GLOBS + 1];
        for (int i = 0; i < patterns.length; i++) {
            patterns[i] = "P" + i + "*";
        }
        wide.subscribe(session, "0", 0, patterns);
        assertThat(ShardRig.texts(other)).last().asString()
            .contains("too_many_symbols", "256 patterns with a star", "this makes 257");
        wide.subscribe(session, "0", 0, List.of(patterns).subList(0, SymbolLimits.MAX_GLOBS).toArray(String[]::new));
        assertThat(ShardRig.texts(other).get(0)).contains("\"ack\"");
    }

    @Test
    void shouldRefuseTheNameOfModeOnceUntilItsLastPiece() {
        rig.tick("EURUSD", "GBPUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        ShardRig.texts(socket);
        session.onRequest(ShardRig.request("0", Mode.ONCE, -1, "*"));
        session.onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "EURUSD"));
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).hasSize(3);
        assertThat(texts.get(0)).contains("\"mode\":\"once\"");
        assertThat(texts.get(1)).contains("\"code\":\"bad_field\",\"path\":\"/sub\"", "without its last piece yet: wait for it");
        assertThat(texts.get(2)).contains("EURUSD", "GBPUSD", "\"last\":true");
        session.onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "EURUSD"));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).last().asString().contains("EURUSD").doesNotContain("GBPUSD");
    }
}
