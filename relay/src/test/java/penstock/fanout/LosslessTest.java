package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.telemetry.Counter;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/** Mode all: every update in its order, or a gap that counts; and channels of events, which know no other. */
class LosslessTest {
    private static final long JOURNAL_BYTES = 1 << 20;
    private static final Pattern SEQUENCE = Pattern.compile("\"q\":(\\d+)");

    private ShardRig rig = rig(4096, JOURNAL_BYTES);
    private RecordingSocket socket = rig.socket();

    @Test
    void shouldSendEveryEventOfABurstInOneMessage() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        subscribe(session, "trade", null, null, "*");
        assertThat(ShardRig.texts(socket).get(1))
            .contains("\"effective\":{\"channel\":\"trade\",\"mode\":\"all\",\"overflow\":\"gap\"}");
        rig.tick("T.A", "T.A", "T.B", "T.A");
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).hasSize(1);
        assertThat(texts.get(0)).startsWith("{\"type\":\"update\",\"sub\":\"0\",").contains("\"p\":4,\"data\":["
            + "{\"s\":\"T.A\",\"q\":1,\"v\":{\"n\":0}},{\"s\":\"T.A\",\"q\":2,\"v\":{\"n\":1}},"
            + "{\"s\":\"T.B\",\"q\":1,\"v\":{\"n\":2}},{\"s\":\"T.A\",\"q\":3,\"v\":{\"n\":3}}]}");
        session.onRequest(new Request.ListSubscriptions("1"));
        rig.thread.run();
        assertThat(ShardRig.texts(socket).get(0))
            .contains("\"mode\":\"all\",\"overflow\":\"gap\",\"symbols\":[\"*\"]", "\"p\":4}");
    }

    @Test
    void shouldBeginWithTheLastEventAndRepeatNothingWhenItGrows() {
        rig.tick("T.A", "T.A", "T.B");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        subscribe(session, "trade", null, null, "T.A");
        assertThat(ShardRig.texts(socket)).last().asString()
            .contains("\"last\":true,\"data\":[{\"s\":\"T.A\",\"q\":2,");
        rig.tick("T.A", "T.B");
        subscribe(session, "trade", null, null, "*");
        rig.tick("T.A", "T.B", "T.C");
        final String all = String.join("\n", ShardRig.texts(socket));
        assertThat(all).containsOnlyOnce("\"s\":\"T.A\",\"q\":3,").containsOnlyOnce("\"s\":\"T.A\",\"q\":4,")
            .containsOnlyOnce("\"s\":\"T.B\",\"q\":2,").containsOnlyOnce("\"s\":\"T.B\",\"q\":3,")
            .containsOnlyOnce("\"s\":\"T.C\",\"q\":1,")
            .doesNotContain("\"s\":\"T.B\",\"q\":1,", "\"s\":\"T.A\",\"q\":2,");
    }

    @Test
    void shouldSendEveryQuoteInModeAll() {
        rig.tick("A");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        subscribe(session, "quote", Mode.ALL, null, "*");
        rig.tick("A", "A", "A");
        assertThat(sequences(socket)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(rig.counters.get(Counter.UPDATES_CONFLATED)).isZero();
    }

    @Test
    void shouldSendAGapToAReaderThatStalledAndContinue() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        subscribe(session, "trade", null, null, "*");
        socket.takeFrames();
        socket.takeOnly(5);
        final int capacity = rig.shard.topics().journal().entries().capacityBytes();
        for (int i = 0; i < 30_000; i++) {
            rig.tick("T.A", "T.B");
        }
        assertThat(rig.shard.topics().journal().entries().capacityBytes()).isBetween(capacity, (int) JOURNAL_BYTES);
        assertThat(session.inspected().queue().unfinished().length).isLessThan(200);
        socket.takeAll();
        session.onWritable();
        rig.thread.advanceMs(1_000);
        rig.tick("T.A", "T.B");
        final List<String> texts = ShardRig.texts(socket);
        final List<String> gaps = texts.stream().filter(text -> text.contains("\"gap\"")).toList();
        assertThat(gaps).hasSize(1);
        final long missed = Long.parseLong(gaps.get(0).replaceAll(".*\"missed\":(\\d+).*", "$1"));
        final List<Long> got = new ArrayList<>();
        texts.forEach(text -> addSequences(text, got));
        assertThat(got.size() + missed).isEqualTo(60_002);
        assertThat(missed).isGreaterThan(40_000);
        assertThat(got.get(got.size() - 1)).isEqualTo(30_001);
        assertThat(gaps.get(0)).contains("\"p\":2,"); // two were in the message that it took in part
        assertThat(rig.counters.get(Counter.GAPS_SENT)).isEqualTo(1);
        assertThat(rig.counters.get(Counter.UPDATES_IN_GAPS)).isEqualTo(missed);
    }

    @Test
    void shouldCountAgainForAClientThatResumesAtItsGap() {
        subscribe(rig.open(socket, WebSocketFormat.PLAIN), "trade", null, null, "*");
        rig.tick("T.A");
        while (rig.shard.topics().journal().resumeIndex().overwrittenPosition() < 5) {
            rig.tick("T.A");
        }
        final long missed = missedWhenResumedAt(1);
        for (int i = 0; i < 10; i++) {
            rig.tick("T.A");
        }
        assertThat(missedWhenResumedAt(1)).isGreaterThan(missed);
    }

    @Test
    void shouldSendTheNewestOfWhatAGapCountedWhenModeAllEnds() {
        rig.tick("A", "B");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        subscribe(session, "quote", Mode.ALL, null, "*");
        final long beforeP = rig.shard.topics().position();
        loseAnUpdateOf("A", session);
        assertThat(ShardRig.texts(socket)).anyMatch(text -> text.startsWith("{\"type\":\"gap\""))
            .noneMatch(text -> text.contains("\"s\":\"A\",\"q\":2,"));
        assertThat(conflated(session, socket)).anyMatch(text -> text.contains("\"s\":\"A\",\"q\":2,"));

        final RecordingSocket returned = rig.socket();
        final Session other = rig.open(returned, WebSocketFormat.PLAIN);
        final long p = rig.shard.topics().position();
        assertThat(p).isGreaterThan(beforeP);
        other.onRequest(new Request.Subscribe("1", "0", "quote", ShardRig.patterns("A", "B"), true, new Resume(7, p),
            SubscriptionOptions.of(Mode.ALL, -1, null)));
        rig.thread.run();
        assertThat(ShardRig.texts(returned)).noneMatch(text -> text.contains("\"s\":\"A\",\"q\":2,"));
        assertThat(conflated(other, returned)).as("a gap of its last connection may have counted it")
            .anyMatch(text -> text.contains("\"s\":\"A\",\"q\":2,"));
    }

    @Test
    void shouldSendNoGapWhenNoUpdateOfTheSubscriptionWasLost() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.tick("T.QUIET");
        subscribe(session, "trade", null, null, "T.QUIET");
        for (int i = 0; i < 30_000; i++) {
            rig.tick("T.A");
        }
        socket.takeFrames();
        rig.tick("T.QUIET");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"s\":\"T.QUIET\",\"q\":2,");
    }

    @Test
    void shouldCloseASessionWithOverflowClose() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        subscribe(session, "trade", Mode.ALL, Overflow.CLOSE, "*");
        socket.takeOnly(5);
        for (int i = 0; i < 30_000; i++) {
            rig.tick("T.A");
        }
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        final List<RecordingSocket.Frame> frames = socket.takeFrames();
        assertThat(frames).last().matches(frame -> frame.opcode() == 8 && frame.text().endsWith("slow consumer"));
        assertThat(frames).noneMatch(frame -> frame.text().contains("\"gap\""));
    }

    @Test
    void shouldSendAGapForEventsLostBeforeTheRing() {
        rig = rig(4, JOURNAL_BYTES);
        socket = rig.socket();
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        subscribe(session, "trade", Mode.ALL, Overflow.CLOSE, "*");
        rig.tick("T.A");
        socket.takeFrames();
        for (int i = 0; i < 20; i++) {
            rig.feed.tick("T.A", rig.thread.nowNs());
        }
        do {
            rig.feed.flush();
            rig.thread.run();
        } while (rig.feed.isBehind());
        rig.tick("T.A");
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(0)).contains("\"q\":5,");
        assertThat(texts.get(1)).isEqualTo("{\"type\":\"gap\",\"sub\":\"0\",\"p\":20,\"missed\":15,\"topics\":[[\"T.A\",20,15]]}");
        assertThat(texts.get(2)).contains("\"q\":21,");
        assertThat(texts.get(3)).contains("\"q\":22,");
        assertThat(rig.counters.get(Counter.GAPS_SENT)).isEqualTo(1);
    }

    @Test
    void shouldSendQuotesBesidePendingTradesInOneTurn() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(new Request.Subscribe(null, "trades", "trade", ShardRig.patterns("*"), null, -1, true));
        session.onRequest(new Request.Subscribe(null, "quotes", "quote", ShardRig.patterns("*"), null, 0, true));
        rig.thread.run();
        socket.takeFrames();
        rig.tick("T.A", "A");
        assertThat(ShardRig.texts(socket)).hasSize(2).anyMatch(text -> text.contains("\"sub\":\"trades\""))
            .anyMatch(text -> text.contains("\"sub\":\"quotes\""));
        socket.takeOnly(5);
        for (int i = 0; i < 5_000; i++) {
            rig.tick("T.A", "A");
        }
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).as("the first write has the newest quote, though the trades fill more than one")
            .anyMatch(text -> text.contains("\"s\":\"A\",\"q\":5001,"));
        assertThat(texts).noneMatch(text -> text.contains("\"s\":\"T.A\",\"q\":5001,"));
        rig.thread.advanceMs(10);
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"s\":\"T.A\",\"q\":5001,");
    }

    @Test
    void shouldRefuseOptionsThatModeAllDoesNotHave() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(new Request.Subscribe(null, "0", "trade", ShardRig.patterns("*"), null, 5, true));
        session.onRequest(new Request.Subscribe(null, "0", "trade", ShardRig.patterns("*"), Mode.CONFLATE, -1, true));
        session.onRequest(
            new Request.Subscribe(null, "0", "quote", ShardRig.patterns("*"), true, null,
            SubscriptionOptions.of(null, -1, Overflow.GAP)));
        session.onRequest(new Request.Subscribe(null, "0", "quote", ShardRig.patterns("*"), Mode.ALL, 0, true));
        rig.thread.run();
        assertThat(ShardRig.texts(socket).stream().filter(text -> text.contains("\"error\""))
            .map(text -> text.replaceAll(".*\"path\":\"|\",.*", "")))
            .containsExactly("/interval", "/mode", "/overflow", "/interval");
    }

    @Test
    void shouldSendEveryPayloadVerbatimToARawSession() {
        rig.tick("T.A");
        final Session session = rig.open(socket, WebSocketFormats.RAW);
        subscribe(session, "trade", null, null, "*");
        assertThat(ShardRig.texts(socket)).as("the image").containsExactly("[{\"n\":0}]");
        rig.tick("T.A", "T.B", "T.A");
        assertThat(ShardRig.texts(socket)).containsExactly("[{\"n\":1}]", "[{\"n\":2}]", "[{\"n\":3}]");
        socket.takeOnly(5);
        rig.tick("T.A", "T.A", "T.B");
        rig.tick("T.C");
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).containsExactly("[{\"n\":4}]", "[{\"n\":5}]", "[{\"n\":6}]", "[{\"n\":7}]");
    }

    @Test
    void shouldCountUpdatesMissedByARawSession() {
        rig.feed.pad(1_000);
        final Session session = rig.open(socket, WebSocketFormats.RAW);
        subscribe(session, "trade", null, null, "*");
        rig.tick("T.A");
        ShardRig.texts(socket);
        socket.takeOnly(5);
        for (int i = 0; i < 3_000; i++) {
            rig.tick("T.A");
        }
        socket.takeAll();
        session.onWritable();
        rig.thread.advanceMs(20);
        final int came = ShardRig.texts(socket).size();
        assertThat(came).isBetween(400, 600);
        assertThat(rig.counters.get(Counter.UPDATES_IN_GAPS)).isEqualTo(3_000 - came);
    }

    @Test
    void shouldRefuseModeAllWithoutAJournal() {
        rig = rig(64, 0);
        socket = rig.socket();
        rig.tick("T.A");
        subscribe(rig.open(socket, WebSocketFormat.PLAIN), "trade", null, null, "*");
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"path\":\"/mode\"", "fanout.journal = 0");
    }

    private void loseAnUpdateOf(final String symbol, final Session session) {
        socket.takeFrames();
        socket.takeOnly(5);
        rig.tick("B");
        rig.tick(symbol);
        for (int i = 0; i < 60_000; i++) {
            rig.tick("B");
        }
        socket.takeAll();
        session.onWritable();
        rig.thread.advanceMs(1_000);
        rig.tick("B");
    }

    private List<String> conflated(final Session session, final RecordingSocket to) {
        session.onRequest(new Request.Change("9", "0", true, SubscriptionOptions.of(Mode.CONFLATE, 0, null)));
        rig.thread.run();
        return ShardRig.texts(to);
    }

    /** What the gap counts for a client that has everything up to {@code p}; the entries behind it are complete. */
    private long missedWhenResumedAt(final long p) {
        final RecordingSocket returned = rig.socket();
        final Session session = rig.open(returned, WebSocketFormat.PLAIN);
        session.onRequest(new Request.Subscribe("1", "0", "trade", ShardRig.patterns("T.A"), true, new Resume(7, p),
            SubscriptionOptions.of(Mode.ALL, -1, null)));
        rig.thread.advanceMs(1_000);
        final List<String> texts = ShardRig.texts(returned);
        session.onDisconnected(Termination.CLIENT_GONE);
        final List<String> gaps = texts.stream().filter(text -> text.startsWith("{\"type\":\"gap\"")).toList();
        assertThat(gaps).singleElement().asString().contains("\"p\":" + p + ",");
        final long missed = Long.parseLong(gaps.get(0).replaceAll(".*\"missed\":(\\d+).*", "$1"));
        final List<Long> got = new ArrayList<>();
        texts.forEach(text -> addSequences(text, got));
        assertThat(got.get(0)).isEqualTo(p + missed + 1);
        assertThat(got.get(got.size() - 1)).isEqualTo(p + missed + got.size());
        return missed;
    }

    private void subscribe(final Session session, final String channel, final Mode mode, final Overflow overflow,
            final String symbols) {
        session.onRequest(
            new Request.Subscribe("1", "0", channel, ShardRig.patterns(symbols), true, null,
            SubscriptionOptions.of(mode, -1, overflow)));
        rig.thread.run();
    }

    private static ShardRig rig(final int slots, final long journalBytes) {
        return new ShardRig(new SessionLimits(3, 10, 65_536, 20, 0, 60_000), slots, journalBytes,
            List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false)));
    }

    private static List<Long> sequences(final RecordingSocket socket) {
        final List<Long> found = new ArrayList<>();
        ShardRig.texts(socket).forEach(text -> addSequences(text, found));
        return found;
    }

    private static void addSequences(final String text, final List<Long> found) {
        final Matcher sequence = SEQUENCE.matcher(text);
        while (sequence.find()) {
            found.add(Long.parseLong(sequence.group(1)));
        }
    }
}
