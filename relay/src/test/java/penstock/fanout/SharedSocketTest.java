package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.RecordingSocket;
import penstock.wire.SessionLimits;

/** Several subscriptions of one session whose socket takes little at a time. */
class SharedSocketTest {
    private final ShardRig rig = new ShardRig(new SessionLimits(50, 5_000, 65_536, 20, 0, 60_000));
    private final RecordingSocket socket = rig.socket();

    @Test
    void shouldServeEachSubscriptionWhileTheFirstChangesOften() {
        rig.tick("A", "B", "C");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        for (final String symbol : List.of("A", "B", "C")) {
            rig.subscribe(session, symbol, 0, symbol);
        }
        ShardRig.texts(socket);
        rig.tick("B", "C");
        final int[] served = new int[3];
        for (int i = 0; i < 60; i++) {
            socket.takeOnly(150);
            rig.tick("A", "B", "C");
            if (socket.wantsWrites()) {
                session.onWritable();
            }
            rig.thread.run();
            for (final String text : ShardRig.texts(socket)) {
                served["ABC".indexOf(text.charAt(text.indexOf("\"sub\":\"") + 7))]++;
            }
        }
        assertThat(Arrays.stream(served)
            .min().orElse(0)).as("messages of the one served least, of " + Arrays.toString(served))
            .isGreaterThanOrEqualTo(10);
    }
}
