package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.RecordingSocket;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;

/** Sessions whose socket takes less than is pending. */
class SlowReaderTest {
    private static final Pattern SYMBOL = Pattern.compile("\"s\":\"([^\"]+)\"");

    private final ShardRig rig = new ShardRig(new SessionLimits(50, 5_000, 65_536, 20, 0, 60_000));
    private final RecordingSocket socket = rig.socket();

    @Test
    void shouldContinueASnapshotOfSeveralWritesWithoutTicks() {
        tickAll(10_000);
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        socket.takeOnly(1_000);
        rig.subscribe(session, "0", 0, "*");
        assertThat(socket.wantsWrites()).isTrue();
        socket.takeAll();
        session.onWritable();
        rig.thread.advanceMs(5);
        assertThat(ShardRig.texts(socket)).anyMatch(text -> text.contains("\"last\":true"));
    }

    @Test
    void shouldStarveNoSymbolOfAReaderWithPartialWrites() {
        tickAll(3_000);
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "*");
        socket.takeFrames();
        socket.takeOnly(0);
        final Set<String> updated = new HashSet<>();
        for (int round = 0; round < 20; round++) {
            tickAll(3_000);
            socket.takeOnly(20_000);
            session.onWritable();
            rig.thread.run();
            ShardRig.texts(socket).forEach(text -> addSymbols(text, updated));
        }
        assertThat(updated).hasSize(3_000);
    }

    /** Not one byte within 60 s, here, is what ends a session; a byte just before is enough, for an hour. */
    @Test
    void shouldNeverCutAReaderThatTakesAByteInTime() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "*");
        socket.takeOnly(0);
        rig.tick("EURUSD");
        for (int i = 0; i < 60; i++) {
            rig.thread.advanceMs(59_700);
            socket.takeOnly(1);
            session.onWritable();
            rig.tick("EURUSD");
            assertThat(socket.isClosed()).isFalse();
        }
        rig.thread.advanceMs(59_700);
        assertThat(socket.isClosed()).isFalse();
        rig.thread.advanceMs(600);
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void shouldBoundTheRepliesQueuedForAReader() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        final String[] names = new String[4_000];
        for (int i = 0; i < names.length; i++) {
            names[i] = "A_LONG_NAME_OF_A_SYMBOL_THAT_DOES_NOT_EXIST_" + i;
        }
        rig.subscribe(session, "0", 0, names);
        socket.takeFrames();
        socket.takeOnly(0);
        for (int i = 0; i < 30; i++) {
            session.onRequest(new Request.ListSubscriptions("1"));
        }
        rig.thread.run();
        assertThat(socket.isReadSuspended()).isTrue();
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).filteredOn(text -> text.contains("\"op\":\"list\"")).hasSizeLessThanOrEqualTo(3);
        assertThat(texts).filteredOn(text -> text.contains("rate_limited") && text.contains("are unread"))
            .hasSizeGreaterThan(20);
        assertThat(socket.isReadSuspended()).isFalse();
    }

    @Test
    void shouldAnswerPipelinedRequestsOfAReaderThatReads() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            names.add("A_LONG_NAME_OF_A_SYMBOL_THAT_DOES_NOT_EXIST_" + i);
        }
        for (int i = 0; i < 20; i++) {
            session.onRequest(ShardRig.request("0", Mode.CONFLATE, 0, names.toArray(String[]::new)));
        }
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).noneMatch(text -> text.contains("\"error\""))
            .filteredOn(text -> text.contains("\"ack\"")).hasSize(20);
    }

    @Test
    void shouldSendItsCloseFrameWhenThePeerClosesAtTheSameTime() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "*");
        socket.takeFrames();
        socket.takeOnly(5);
        rig.tick("EURUSD");
        session.close(Termination.DRAINED);
        session.onCloseFrame(1000, "");
        assertThat(socket.isClosed()).isFalse();
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        assertThat(socket.takeFrames()).last()
            .matches(frame -> frame.opcode() == 8 && frame.text().contains("retryAfter=2000"));
        assertThat(socket.isClosed()).isTrue();
    }

    private void tickAll(final int count) {
        for (int i = 0; i < count; i++) {
            rig.feed.tick("SYMBOL" + i, rig.thread.nowNs());
            if (i % 1_000 == 999) {
                rig.feed.flush();
                rig.thread.run();
            }
        }
    }

    private static void addSymbols(final String text, final Set<String> symbols) {
        if (text.startsWith("{\"type\":\"update\"")) {
            final Matcher symbol = SYMBOL.matcher(text);
            while (symbol.find()) {
                symbols.add(symbol.group(1));
            }
        }
    }
}
