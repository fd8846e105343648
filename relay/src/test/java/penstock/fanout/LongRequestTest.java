package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WorkingThread;
import penstock.topic.Channel;
import penstock.wire.ErrorCode;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;

/** Requests that take long: no slice holds the io thread, and clients see nothing of the slices. */
class LongRequestTest {
    private static final long MS = 1_000_000;

    private final WorkingThread thread = new WorkingThread(1_000 * MS, MS / 50);
    private final MemoryShare memory = MemoryShare.unlimited();
    private final ShardRig rig = new ShardRig(thread, new SessionLimits(10, 10_000, 262_144, 100, 0, 60_000), 4_096,
        4 << 20, List.of(new Channel(0, "quote", "last-value", true, memory)), memory);
    private final RecordingSocket socket = rig.socket();
    private Session session;

    @BeforeEach
    void connect() {
        tick(0, 2_000);
        session = rig.open(socket, WebSocketFormat.PLAIN);
        ShardRig.texts(socket);
    }

    @Test
    void shouldCompareManyPatternsWithManyTopicsInSlices() {
        tick(2_000, 20_000);
        request("long", patterns(256));
        assertThat(ShardRig.texts(socket)).isEmpty();
        thread.advanceMs(20_000);
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(thread.tasks()).isGreaterThan(100);
        // 1, 10 to 19, 100 to 199, 1000 to 1999 and 10000 to 19999
        assertThat(ShardRig.texts(socket).get(0)).contains("\"ack\"", "\"long\"", "\"matched\":11111");
    }

    @Test
    void shouldHandleAShortRequestAtOnce() {
        request("short", "S1", "S1000*");
        thread.run();
        assertThat(ShardRig.texts(socket).get(0)).contains("\"ack\"", "\"short\"");
        assertThat(thread.longestNs()).isLessThan(MS);
    }

    @Test
    void shouldBeginARequestOfManyNamesAtOnceAndEndItInSlices() {
        request("names", IntStream.range(0, 8_000).mapToObj(i -> "NAME" + i).toArray(String[]::new));
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(rig.shard.work().size()).isOne();
        thread.advanceMs(1_000);
        assertThat(ShardRig.texts(socket).get(0)).contains("\"ack\"");
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
    }

    @Test
    void shouldReplyInTheOrderOfTheRequests() {
        request("first", patterns(100));
        session.onRequest(new Request.Ping("\"ping\""));
        request("second", patterns(120));
        session.onRequestRejected(new RequestException(ErrorCode.BAD_FIELD, "/x", "broken", "\"bad\""));
        session.onRequest(new Request.Unsubscribe("\"gone\"", "first", ShardRig.patterns(patterns(100))));
        session.onRequest(new Request.ListSubscriptions("\"list\""));
        thread.run();
        assertThat(ShardRig.texts(socket)).isEmpty();
        thread.advanceMs(2_000);
        final List<String> replies = ShardRig.texts(socket).stream().filter(text -> text.contains("\"id\"")
            && !text.contains("\"snapshot\",") && !text.contains("\"type\":\"snapshot\"")).toList();
        assertThat(replies).hasSize(6);
        assertThat(replies.get(0)).contains("\"first\"");
        assertThat(replies.get(1)).contains("\"ping\"");
        assertThat(replies.get(2)).contains("\"second\"");
        assertThat(replies.get(3)).contains("\"bad\"");
        assertThat(replies.get(4)).contains("\"gone\"", "\"matched\":0");
        assertThat(replies.get(5)).contains("\"list\"");
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
    }

    @Test
    void shouldReplyToAPingAtOnceAlsoIfTheThreadHasWorkedForLong() {
        rig.shard.work().holds().begin(thread.nowNs());
        thread.spendNs(10 * MS);
        session.onRequest(new Request.Ping("\"ping\""));
        thread.run();
        assertThat(ShardRig.texts(socket).get(0)).contains("\"pong\"", "\"ping\"");
    }

    @Test
    void shouldAnswerPingsMeanwhile() {
        request("long", patterns(256));
        session.onTextPing();
        thread.run();
        assertThat(ShardRig.texts(socket)).containsExactly("pong");
    }

    @Test
    void shouldForgetWhatWaitsWhenTheSessionEnds() {
        request("long", patterns(256));
        request("later", "S1");
        assertThat(memory.used(MemoryUse.NAMES)).isPositive();
        session.onDisconnected(Termination.CLIENT_GONE);
        assertThat(memory.used(MemoryUse.NAMES)).isZero();
        thread.advanceMs(2_000);
        rig.tick("S1", "NEW");
        assertThat(rig.shard.subscriptionCount()).isZero();
        assertThat(rig.shard.work().size()).isZero();
        assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).isZero();
        assertThat(rig.telemetry.errors().distinctCount()).isZero();
    }

    @Test
    void shouldAnswerNothingBehindAClose() {
        request("long", patterns(256));
        session.close(Termination.FINISHED, 1000, "");
        thread.advanceMs(1_000);
        assertThat(socket.takeFrames()).singleElement().extracting(RecordingSocket.Frame::opcode).isEqualTo(8);
        assertThat(memory.used(MemoryUse.NAMES)).isZero();
    }

    @Test
    void shouldTakeTopicsIntoAccountThatComeAndGoMeanwhile() {
        request("long", patterns(256));
        thread.advanceMs(5);
        for (final String gone : List.of("S1", "S10", "S1999", "S2")) {
            rig.feed.forget(gone);
        }
        // they take the numbers of those that are gone
        rig.tick("S1new", "Xnew", "S1more", "Xmore", "S1and", "S1999");
        assertThat(ShardRig.texts(socket)).isEmpty();
        thread.advanceMs(2_000);
        // S1, S10 and S1999 of 1111 are gone; four others came
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(0)).contains("\"ack\"", "\"matched\":1112");
        assertThat(String.join("", texts)).contains("\"S1new\"", "\"S1more\"", "\"S1and\"", "\"S1999\"")
            .doesNotContain("Xnew", "\"S1\"", "\"S10\"");
        rig.tick("Xnew", "S1new", "S1later");
        thread.advanceMs(1_000);
        assertThat(String.join("", ShardRig.texts(socket))).contains("\"S1new\"", "\"S1later\"")
            .doesNotContain("Xnew");
    }

    @Test
    void shouldPriceARequestByWhatItCompares() {
        final double ofOneStar = session.price(ShardRig.request("a", Mode.CONFLATE, 100, "X*"));
        final double ofTenPieces = session.price(ShardRig.request("a", Mode.CONFLATE, 100, "X*X*X*X*X*X*X*X*X*"));
        assertThat(ofOneStar).isEqualTo(40);
        assertThat(ofTenPieces).isEqualTo(5 * ofOneStar);
        assertThat(session.price(ShardRig.request("a", Mode.CONFLATE, 100, "S1", "S2"))).isZero();
        request("a", "X*", "NAME1", "NAME2");
        assertThat(session.price(new Request.Unsubscribe("1", "a", ShardRig.patterns("X*")))).isEqualTo(40.04);
        assertThat(session.price(new Request.Unsubscribe("1", "a", ShardRig.patterns("NAME1")))).isEqualTo(0.1);
        assertThat(session.price(new Request.Unsubscribe("1", "other", ShardRig.patterns("X*")))).isZero();
    }

    @Test
    void shouldRefuseWhatIsCertainlyWrongBeforeTheSearch() {
        request("wrong", patterns(257));
        thread.advanceMs(2);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("too_many_symbols");
        assertThat(thread.tasks()).isLessThan(10);
    }

    @Test
    void shouldRefuseInItsTurnWhatWaitsWithTooMuchMemory() {
        request("long", patterns(256));
        final String[] names = IntStream.range(0, 3_000).mapToObj(i -> "NAME" + i).toArray(String[]::new);
        for (int i = 0; i < 3; i++) {
            request("names" + i, names);
        }
        thread.advanceMs(2_000);
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(0)).contains("\"ack\"", "\"long\"");
        assertThat(texts).filteredOn(text -> text.contains("\"rate_limited\"")).isNotEmpty().last().asString()
            .contains("too large");
        assertThat(texts).anyMatch(text -> text.contains("\"ack\"") && text.contains("\"names0\""));
    }

    private void tick(final int from, final int to) {
        for (int i = from; i < to; i++) {
            rig.feed.tick("S" + i, thread.nowNs());
            if (i % 1_000 == 999) {
                rig.feed.flush();
                rig.shard.newestTopics();
                thread.run();
            }
        }
    }

    private void request(final String sub, final String... symbols) {
        thread.work(() -> session.onRequest(ShardRig.request(sub, Mode.CONFLATE, 100, symbols)));
    }

    /** Of eight pieces each; the first one matches S1 and 1,110 others. */
    private static String[] patterns(final int count) {
        return IntStream.range(0, count).mapToObj(i -> i == 0 ? "S1*" : "*S*1*2*3*4*5*X" + i).toArray(String[]::new);
    }
}
