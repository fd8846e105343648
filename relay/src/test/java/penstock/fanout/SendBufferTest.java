package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import penstock.testkit.RecordingSocket;

class SendBufferTest {
    private static final int FULL_BYTES = 64 * 1024;
    private static final int LEAST = SendBuffer.LEAST_BYTES;
    private static final long SECOND_NS = 1_000_000_000L;

    private final ShardRig rig = new ShardRig();
    private final RecordingSocket socket = rig.socket();
    private final SendBuffer buffer = new SendBuffer(socket);

    @Test
    void shouldHoldWhatASlowReaderTakesInASixthOfASecond() {
        reads(60_000, 2);
        assertThat(socket.sendBufferSet()).isEqualTo(10_000);
        assertThat(buffer.writeBytes()).isEqualTo(10_000);
        assertThat(buffer.messageBytes()).isEqualTo(2_500);
    }

    @Test
    void shouldLeaveAReaderThatIsFastEnoughAllOfIt() {
        reads(1_000_000, 3);
        assertThat(socket.sendBufferSet()).as("never set").isZero();
        assertThat(buffer.writeBytes()).isEqualTo(Integer.MAX_VALUE);
        assertThat(buffer.messageBytes()).isEqualTo(Encoder.MAX_BYTES);
    }

    @Test
    void shouldNeverHoldLessThan2KiB() {
        reads(100, 10);
        assertThat(socket.sendBufferSet()).isEqualTo(SendBuffer.LEAST_BYTES);
        assertThat(buffer.messageBytes()).isEqualTo(1024);
    }

    @Test
    void shouldGrowAgainWithAReaderThatHasBecomeFaster() {
        reads(30_000, 2);
        assertThat(socket.sendBufferSet()).isEqualTo(5_000);
        for (int i = 0; i < 128; i++) {
            buffer.onTaken(4_000);
            buffer.onCleared(1_000_000);
        }
        assertThat(socket.sendBufferSet()).isEqualTo(FULL_BYTES);
        assertThat(buffer.writeBytes()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void shouldNotFollowEverySmallChange() {
        reads(60_000, 2);
        reads(66_000, 1);
        reads(55_000, 1);
        assertThat(socket.sendBufferSets()).isOne();
        assertThat(socket.sendBufferSet()).isEqualTo(10_000);
    }

    @Test
    void shouldTryTwiceAsMuchNowAndThenAndReturnFromWhatWasNoFaster() {
        reads(60_000, 2);
        reads(60_000, 3);
        assertThat(socket.sendBufferSet()).isEqualTo(20_000);
        reads(60_000, 1);
        assertThat(socket.sendBufferSet()).isEqualTo(10_000);
    }

    @Test
    void shouldNotTakeOneStallForAPace() {
        buffer.onTaken(500);
        buffer.onCleared(20 * SECOND_NS);
        assertThat(socket.sendBufferSet()).as("never set").isZero();
    }

    @Test
    void shouldLeaveAReaderThatIsOnlyFarAwayAllOfIt() {
        final double roundTripSeconds = 0.5;
        int holds = FULL_BYTES;
        for (int i = 0; i < 200; i++) {
            final int perSecond = (int) (1.5 * holds / roundTripSeconds);
            buffer.onTaken(perSecond / 4);
            buffer.onCleared(SECOND_NS / 4);
            holds = socket.sendBufferSet() == 0 ? FULL_BYTES : socket.sendBufferSet();
        }
        assertThat(holds).isEqualTo(FULL_BYTES);
    }

    @Test
    void shouldGiveAFarReaderAllOfItAgainAfterAStall() {
        reads(12_000, 3);
        assertThat(socket.sendBufferSet()).isEqualTo(LEAST);
        for (int i = 0; i < 400; i++) {
            buffer.onTaken((int) (1.5 * socket.sendBufferSet() / 0.5 / 4));
            buffer.onCleared(SECOND_NS / 4);
        }
        assertThat(socket.sendBufferSet()).isEqualTo(FULL_BYTES);
    }

    /** Blocked all the time, a twentieth of a second each. */
    private void reads(final int bytesPerSecond, final int seconds) {
        for (int i = 0; i < seconds * 20; i++) {
            buffer.onTaken(bytesPerSecond / 20);
            buffer.onCleared(SECOND_NS / 20);
        }
    }
}
