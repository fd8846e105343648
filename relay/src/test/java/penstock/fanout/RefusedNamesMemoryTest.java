package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.fanout.subscription.Interest;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.TopicState;
import penstock.testkit.RecordingSocket;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;

/** The memory of names that the feed cannot serve, and of reports that a client has not read. */
class RefusedNamesMemoryTest {
    private static final int COUNT = 100;
    private static final String[] NAMES = IntStream.range(0, COUNT).mapToObj(i -> "NAME" + i).toArray(String[]::new);
    private static final String REASON = "no such symbol";

    private final ShardRig rig = new ShardRig(new SessionLimits(50, 5_000, 65_536, 1_000, 0, 60_000),
        new MemoryShare(Map.of(MemoryUse.NAMES, 100_000L), 1));
    private final RecordingSocket socket = rig.socket();
    private Session session;

    @BeforeEach
    void subscribe() {
        rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), new Interest() {
            @Override
            public void onAdded(final int channel, final List<String> symbols, final String client) {
            }

            @Override
            public void onRemoved(final int channel, final List<String> symbols) {
            }
        }, 5_000);
        rig.tick("GOOD");
        session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, NAMES);
        rig.subscribe(session, "1", 0, "GOOD");
    }

    @Test
    void shouldAccountForRefusedNamesUntilTheyHaveATopicOrNoInterest() {
        final long named = used();
        refuse("not now");
        final long refused = used() - named;
        assertThat(refused).isBetween(COUNT * 100L, COUNT * 500L);
        refuse(REASON);
        assertThat(used() - named).isEqualTo(refused + COUNT * 2L * (REASON.length() - "not now".length()));
        assertThat(ShardRig.texts(socket)).last().asString().contains(REASON);

        final long all = used();
        rig.tick(NAMES[0]);
        session.onRequest(new Request.Unsubscribe("1", "0", ShardRig.patterns(NAMES[1])));
        assertThat(used()).isBetween(all - 2 * 700, all - 2 * 400);

        session.onRequest(new Request.Unsubscribe("1", "0", List.of()));
        assertThat(used()).isZero();
    }

    @Test
    void shouldAccountForReportsUntilTheClientReadsThem() {
        refuse("not now");
        final long refused = used();
        block();
        refuse("not yet");
        assertThat(used() - refused).isBetween(COUNT * 100L, COUNT * 300L);

        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).anySatisfy(text -> assertThat(text).contains("not yet", NAMES[COUNT - 1]));
        assertThat(used()).isEqualTo(refused);
    }

    @Test
    void shouldReturnTheMemoryOfReportsThatAClientNeverReads() {
        block();
        refuse(REASON);
        session.onDisconnected(Termination.CLIENT_GONE);
        rig.thread.run();
        assertThat(used()).isZero();
    }

    @Test
    void shouldAccountForReportsOfForgottenTopics() {
        rig.subscribe(session, "1", 0, "*");
        rig.tick("A", "B");
        final long before = used();
        block();
        rig.state(TopicState.STALE, "test", "A", "B");
        rig.feed.forget("A");
        rig.feed.forget("B");
        rig.tick();
        assertThat(used()).isGreaterThan(before);
        session.onDisconnected(Termination.CLIENT_GONE);
        assertThat(used()).isZero();
    }

    @Test
    void shouldRefuseFurtherNamesWhileRefusedOnesFillTheMemory() {
        block();
        refuse(REASON.repeat(40));
        final RecordingSocket other = rig.socket();
        rig.subscribe(rig.open(other, WebSocketFormat.PLAIN), "0", 0, "LATE");
        assertThat(ShardRig.texts(other)).last().asString().contains("\"memory_full\"", "\"/symbols\"");
        session.onDisconnected(Termination.CLIENT_GONE);
        rig.subscribe(rig.open(other, WebSocketFormat.PLAIN), "0", 0, "LATE");
        assertThat(ShardRig.texts(other)).last().asString().doesNotContain("memory_full");
    }

    /** The client reads no more, and a message waits for it. */
    private void block() {
        socket.takeOnly(0);
        rig.tick("GOOD");
    }

    private void refuse(final String reason) {
        for (final String name : NAMES) {
            rig.feed.refuse(name, reason);
        }
        rig.tick();
    }

    private long used() {
        return rig.memory.used(MemoryUse.NAMES);
    }
}
