package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.RecordingSocket;

/** When the sessions of a shard are closed that is drained, on a clock that is turned by hand. */
class SessionDrainTest {
    private static final int SESSIONS = 100;

    private final ShardRig rig = new ShardRig();
    private final List<RecordingSocket> sockets = new ArrayList<>();

    @Test
    void shouldCloseTheSessionsEvenlyAfterAWhile() {
        open(SESSIONS);
        rig.shard.drain().move(5_000, 60_000);
        rig.thread.advanceMs(4_999);
        assertThat(closed()).isZero();

        for (int second = 1; second <= 60; second++) {
            rig.thread.advanceMs(1_000);
            assertThat(closed()).as("after " + second + " s").isBetween((second - 1) * SESSIONS / 60,
                second * SESSIONS / 60 + 2);
        }
        assertThat(closed()).isEqualTo(SESSIONS);
        assertThat(sockets).allSatisfy(socket -> assertThat(ShardRig.texts(socket).toString())
            .contains("retryAfter=100"));
    }

    @Test
    void shouldLeaveTheOthersAloneWhenItIsUndone() {
        open(SESSIONS);
        rig.shard.drain().move(0, 10_000);
        rig.thread.advanceMs(5_000);
        rig.shard.drain().undo();
        final int gone = closed();
        assertThat(gone).isBetween(49, 52);
        rig.thread.advanceMs(20_000);
        assertThat(closed()).isEqualTo(gone);
        assertThat(rig.shard.isDraining()).isFalse();
        open(1);
        rig.thread.advanceMs(1_000);
        assertThat(closed()).isEqualTo(gone);
    }

    @Test
    void shouldGoOnAtTheNewPaceWhenItIsAskedForAgain() {
        open(SESSIONS);
        rig.shard.drain().move(0, 3_600_000);
        rig.thread.advanceMs(36_000);
        assertThat(closed()).isBetween(1, 2);
        rig.shard.drain().move(0, 1_000);
        rig.thread.advanceMs(1_000);
        assertThat(closed()).isEqualTo(SESSIONS);
    }

    @Test
    void shouldStopInTheMiddleOfAMove() {
        open(SESSIONS);
        rig.shard.drain().move(5_000, 3_600_000);
        new ShardProxy(rig.thread, rig.shard).drain(500);
        rig.thread.advanceMs(505);
        assertThat(closed()).isEqualTo(SESSIONS);
    }

    private void open(final int count) {
        for (int i = 0; i < count; i++) {
            final RecordingSocket socket = rig.socket();
            sockets.add(socket);
            rig.open(socket, WebSocketFormat.PLAIN);
        }
    }

    private int closed() {
        int open = 0;
        for (int number = rig.shard.sessions().next(0); number >= 0; number = rig.shard.sessions().next(number + 1)) {
            open += rig.shard.sessions().get(number).isOpen() ? 1 : 0;
        }
        return sockets.size() - open;
    }
}
