package penstock.fanout.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;

class SendBufferTest {
    private static final int FULL_BYTES = 64 * 1024;
    private static final int MIN_BYTES = SendBuffer.MIN_BYTES;
    private static final long SECOND_NS = 1_000_000_000L;

    private final RecordingSocket socket = new RecordingSocket(new ManualThread(0), new Random(1));
    private final SendBuffer buffer = new SendBuffer(socket);

    @Test
    void shouldShrinkToASixthOfASecondOfASlowReader() {
        reads(60_000, 2);
        assertThat(socket.sendBufferSet()).isEqualTo(10_000);
        assertThat(buffer.writeBytes()).isEqualTo(10_000);
        assertThat(buffer.messageBytes()).isEqualTo(2_500);
    }

    @Test
    void shouldKeepTheFullBufferForAFastReader() {
        reads(1_000_000, 3);
        assertThat(socket.sendBufferSet()).as("never set").isZero();
        assertThat(buffer.writeBytes()).isEqualTo(Integer.MAX_VALUE);
        assertThat(buffer.messageBytes()).isEqualTo(FrameSizes.MAX_MESSAGE_BYTES);
    }

    @Test
    void shouldNeverShrinkBelow2KiB() {
        reads(100, 10);
        assertThat(socket.sendBufferSet()).isEqualTo(SendBuffer.MIN_BYTES);
        assertThat(buffer.messageBytes()).isEqualTo(1024);
    }

    @Test
    void shouldGrowWhenTheReaderBecomesFaster() {
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
    void shouldIgnoreSmallChangesOfTheRate() {
        reads(60_000, 2);
        reads(66_000, 1);
        reads(55_000, 1);
        assertThat(socket.sendBufferSets()).isOne();
        assertThat(socket.sendBufferSet()).isEqualTo(10_000);
    }

    @Test
    void shouldTryTwiceTheSizeAndReturnIfTheReaderIsNoFaster() {
        reads(60_000, 2);
        reads(60_000, 3);
        assertThat(socket.sendBufferSet()).isEqualTo(20_000);
        reads(60_000, 1);
        assertThat(socket.sendBufferSet()).isEqualTo(10_000);
    }

    @Test
    void shouldNotMeasureTheRateFromOneStall() {
        buffer.onTaken(500);
        buffer.onCleared(20 * SECOND_NS);
        assertThat(socket.sendBufferSet()).as("never set").isZero();
    }

    @Test
    void shouldKeepTheFullBufferForAReaderWithHighLatency() {
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
    void shouldRestoreTheFullBufferOfAReaderWithHighLatencyAfterAStall() {
        reads(12_000, 3);
        assertThat(socket.sendBufferSet()).isEqualTo(MIN_BYTES);
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
