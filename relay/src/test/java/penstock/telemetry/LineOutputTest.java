package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.Patience;

@Timeout(Patience.TEST_SECONDS)
class LineOutputTest {
    private static final long SOON_MS = 10_000;

    private final LongAdder dropped = new LongAdder();
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final CountDownLatch reading = new CountDownLatch(1);
    private volatile boolean isFull;
    private final LineOutput output = new LineOutput("test", new Pipe(), dropped, new LongAdder());
    private final PrintStream text = new PrintStream(output, true, StandardCharsets.UTF_8);

    @Test
    void shouldWriteEverythingInOrder() throws InterruptedException {
        reading.countDown();
        text.println("a banner");
        text.print("half a ");
        text.println("line");
        text.print("no end of line");
        assertThat(output.awaitWritten(SOON_MS)).isTrue();
        assertThat(lines()).containsExactly("a banner", "half a line", "no end of line");
        assertThat(dropped.sum()).isZero();
    }

    @Test
    void shouldNotBlockAndCountWhatItDropsWhileNothingReads() throws InterruptedException {
        final String line = "x".repeat(1_023);
        final int count = 3 * LineQueue.MAX_WAITING_BYTES / 1_024;
        for (int i = 0; i < count; i++) {
            text.println(line);
        }
        assertThat(dropped.sum()).isBetween(count * 2L / 3 - 2, count * 2L / 3 + 1);
        assertThat(output.awaitWritten(10)).as("written to a pipe that nothing reads").isFalse();

        reading.countDown();
        assertThat(output.awaitWritten(SOON_MS)).isTrue();
        assertThat(lines()).hasSize(count - (int) dropped.sum()).containsOnly(line);
        text.println("the reader is back");
        assertThat(output.awaitWritten(SOON_MS)).isTrue();
        assertThat(lines()).endsWith("… " + dropped.sum() + " lines were dropped here: nothing read them in time",
            "the reader is back");
    }

    @Test
    void shouldCountLinesThatTheStreamRefuses() throws InterruptedException {
        reading.countDown();
        text.println("there is room");
        assertThat(output.awaitWritten(SOON_MS)).isTrue();
        isFull = true;
        text.println("the disk is full");
        text.println("it still is");
        assertThat(output.awaitWritten(SOON_MS)).as("nothing waits for room").isTrue();
        assertThat(dropped.sum()).isEqualTo(2);
        isFull = false;
        text.println("there is room again");
        assertThat(output.awaitWritten(SOON_MS)).isTrue();
        assertThat(lines()).containsExactly("there is room",
            "… 2 lines were dropped here: they could not be written", "there is room again");
        assertThat(dropped.sum()).isEqualTo(2);
    }

    @Test
    void shouldReplaceTheStreamsOfTheProcessUntilItIsClosed() {
        final PrintStream before = System.out;
        final long droppedBefore = StandardStreams.droppedLines();
        try (StandardStreams streams = StandardStreams.open(new Pipe(), OutputStream.nullOutputStream())) {
            System.out.println("does not block");
            assertThat(streams.awaitWritten(10)).isFalse();
            reading.countDown();
            assertThat(streams.awaitWritten(SOON_MS)).isTrue();
            isFull = true;
            System.out.println("is counted in the metric");
        }
        assertThat(System.out).isSameAs(before);
        assertThat(lines()).containsExactly("does not block");
        assertThat(StandardStreams.droppedLines() - droppedBefore).isOne();
    }

    private List<String> lines() {
        return read.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** A pipe whose reader begins to read when the test says so. */
    private final class Pipe extends OutputStream {
        @Override
        public void write(final int b) {
            throw new IllegalStateException("written byte by byte");
        }

        @Override
        public void write(final byte[] bytes, final int offset, final int length) throws IOException {
            if (isFull) {
                throw new IOException("No space left on device");
            }
            try {
                reading.await();
            } catch (final InterruptedException e) {
                throw new IllegalStateException(e);
            }
            read.write(bytes, offset, length);
        }
    }
}
