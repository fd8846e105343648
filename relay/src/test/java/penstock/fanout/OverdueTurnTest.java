package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.RecordingSocket;

/** Many requests that are read in one pass of the selector do not delay the updates of other sessions. */
class OverdueTurnTest {
    private static final long MS = 1_000_000;

    private final ShardRig rig = ShardRig.ofQuotes(64);
    private final RecordingSocket socket = rig.socket();
    private final Session session = rig.open(socket, WebSocketFormat.PLAIN);

    @Test
    void shouldSendUpdatesBetweenRequestsOfOnePass() {
        subscribe(0);
        publish();
        requests(2);
        assertThat(ShardRig.texts(socket)).as("within 3 ms").isEmpty();
        requests(1);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":2,");
        publish();
        requests(2);
        assertThat(ShardRig.texts(socket)).as("again within 3 ms").isEmpty();
        requests(1);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":3,");
    }

    @Test
    void shouldSendWhatADeadlineReleasesBetweenRequestsOfOnePass() {
        subscribe(10);
        rig.tick("EURUSD");
        ShardRig.texts(socket);
        rig.tick("EURUSD");
        requests(9);
        assertThat(ShardRig.texts(socket)).as("while the interval runs").isEmpty();
        requests(4);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":3,");
    }

    @Test
    void shouldRunNoTurnThatNothingWaitsFor() {
        subscribe(0);
        requests(20);
        assertThat(ShardRig.texts(socket)).isEmpty();
    }

    private void subscribe(final int intervalMs) {
        rig.tick("EURUSD");
        rig.subscribe(session, "0", intervalMs, "EURUSD");
        ShardRig.texts(socket);
    }

    /** The shard is woken, and its thread has no time for it. */
    private void publish() {
        rig.feed.tick("EURUSD", rig.thread.nowNs());
        rig.feed.flush();
    }

    /** Requests of others that take a millisecond each. */
    private void requests(final int count) {
        for (int i = 0; i < count; i++) {
            rig.thread.spendNs(MS);
            rig.shard.runOverdueTurn();
        }
    }
}
