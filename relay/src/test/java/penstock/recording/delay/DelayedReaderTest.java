package penstock.recording.delay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingEntry;
import penstock.testkit.ManualClock;
import penstock.testkit.Seeds;

/** What is handed over of a recording that is being written, and when, with a clock that the test turns. */
class DelayedReaderTest {
    private static final long LAG_NS = TimeUnit.MINUTES.toNanos(15);
    private static final long EPOCH_NS = 1_796_117_400_000_000_000L;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;
    private long nowNs;
    private final RecordingClock clock = new RecordingClock(() -> nowNs, EPOCH_NS, "boot");
    private final List<String> handed = new ArrayList<>();

    @Test
    void shouldHandOverNothingThatIsYoungerThanTheLag() throws IOException {
        play(50_000, 4);
    }

    @Test
    @Tag("gate")
    void shouldHandOverAMillionUpdatesAndNeverOneThatIsYoungerThanTheLag() throws IOException {
        play(1_000_000, 84);
    }

    /** Records and plays 40 minutes, in steps of about 50 ms; a flush each second, another file each five minutes. */
    private void play(final int updates, final int perStep) throws IOException {
        final Random random = seeds.random();
        final DelayedBatch batch = new DelayedBatch();
        final DelayedReader reader = reader(clock);
        final Judge judge = new Judge();
        final long beforeBytes = usedBytes();
        long mostBytes = beforeBytes;
        GrowingRecording recording = new GrowingRecording(folder, clock);
        final long stepNs = TimeUnit.MINUTES.toNanos(40) * 2 / 48_000;
        int written = 0;
        long flushedNs = 0;
        long begunNs = 0;
        while (judge.count < updates) {
            nowNs += 1 + random.nextLong(stepNs);
            for (int i = random.nextInt(perStep); i > 0 && written < updates; i--) {
                recording.message(clock.nowNs(), "{\"n\":" + written++ + ",\"at\":" + clock.nowNs() + "}");
            }
            if (nowNs - flushedNs >= 1_000_000_000) {
                flushedNs = nowNs;
                recording.flush();
            }
            if (nowNs - begunNs >= TimeUnit.MINUTES.toNanos(5)) {
                begunNs = nowNs;
                recording.close();
                recording = new GrowingRecording(folder, clock);
                mostBytes = Math.max(mostBytes, usedBytes());
            }
            long nextNs = 0;
            while (nextNs == 0) {
                batch.clear();
                nextNs = reader.fill(batch);
                batch.use(judge);
            }
        }
        recording.close();
        assertThat(judge.youngestNs).as("the youngest").isGreaterThanOrEqualTo(LAG_NS);
        assertThat(judge.oldestNs).as("the oldest").isLessThan(LAG_NS + TimeUnit.MILLISECONDS.toNanos(1_200));
        assertThat(judge.wrong).as("out of order").isZero();
        assertThat(mostBytes - beforeBytes).as("bytes of heap").isLessThan(16 << 20);
    }

    @Test
    void shouldNotTakeTheStepOfAClockForTime() throws IOException {
        try (GrowingRecording recording = new GrowingRecording(folder, clock)) {
            recording.message(clock.nowNs(), "first");
            recording.flush();
            nowNs += TimeUnit.MINUTES.toNanos(1);
            // another process, after the system's clock was set an hour forward
            final RecordingClock stepped =
                new RecordingClock(() -> nowNs, clock.nowNs() + TimeUnit.HOURS.toNanos(1), "boot");
            final DelayedReader reader = reader(stepped);
            assertThat(fill(reader)).isEqualTo(LAG_NS - TimeUnit.MINUTES.toNanos(1));
            assertThat(handed).isEmpty();
            nowNs += LAG_NS - TimeUnit.MINUTES.toNanos(1) - 1;
            assertThat(fill(reader)).isEqualTo(1);
            nowNs++;
            fill(reader);
            assertThat(handed).containsExactly("first");
        }
    }

    @Test
    void shouldGoByTheTimesInTheFilesAfterTheMachineWasStartedAgain() throws IOException {
        try (GrowingRecording recording = new GrowingRecording(folder, clock)) {
            recording.message(clock.nowNs(), "first");
            recording.flush();
        }
        final RecordingClock next = new RecordingClock(() -> nowNs, EPOCH_NS + LAG_NS - 5, "another boot");
        final DelayedReader reader = reader(next);
        assertThat(fill(reader)).isEqualTo(5);
        nowNs += 5;
        fill(reader);
        assertThat(handed).containsExactly("first");
    }

    @Test
    void shouldBeginWithTheFileOfTheMomentThatIsShownNow() throws IOException {
        for (int i = 0; i < 6; i++) {
            try (GrowingRecording recording = new GrowingRecording(folder, clock)) {
                recording.message(clock.nowNs(), "m" + i);
                nowNs += TimeUnit.MINUTES.toNanos(5);
                recording.message(clock.nowNs() - 1, "end of " + i);
            }
        }
        nowNs += TimeUnit.MINUTES.toNanos(1);
        fill(reader(clock));
        assertThat(handed).as("16 minutes ago is in the file of 15 to 20 minutes ago")
            .containsExactly("m3");
    }

    @Test
    void shouldSayWhereTheConnectionEndedAndWhereMessagesAreMissing() throws IOException {
        final DelayedReader reader = reader(clock);
        final GrowingRecording first = new GrowingRecording(folder, clock);
        first.mark("#" + clock.nowNs() + " open 1 wss://venue.example/");
        first.message(clock.nowNs(), "a");
        first.mark("#" + clock.nowNs() + " lost 7");
        first.message(clock.nowNs(), "b");
        first.mark("#" + clock.nowNs() + " close 1 upstream_silent");
        first.message(clock.nowNs(), "torn");
        first.flush();
        nowNs += 1_000_000_000;
        // without an end of the first one, as after a kill
        try (GrowingRecording second = new GrowingRecording(folder, clock)) {
            second.message(clock.nowNs(), "c");
        }
        nowNs += LAG_NS;
        fill(reader);
        assertThat(handed).containsExactly("a", "lost 7", "b", "end", "torn", "lost 0", "c");
    }

    private DelayedReader reader(final RecordingClock by) {
        return new DelayedReader(RecordedSpan.following(folder, "live",
            new RecordedSpan.Span(by.nowNs() - LAG_NS, Long.MAX_VALUE, true, true)), by, LAG_NS, new ManualClock(),
            due -> { });
    }

    private long fill(final DelayedReader reader) {
        final DelayedBatch batch = new DelayedBatch();
        final long nextNs = reader.fill(batch);
        batch.use(new DelayedBatch.User() {
            @Override
            public boolean onMessage(final RecordingEntry.Kind kind, final long connection, final byte[] buffer,
                    final int offset, final int length) {
                handed.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
                return true;
            }

            @Override
            public void onFetched(final long key, final byte[] body) {
                handed.add("fetched");
            }

            @Override
            public void onBreak(final boolean isLoss, final long missing) {
                handed.add(isLoss ? "lost " + missing : "end");
            }
        });
        return nextNs;
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Reads the number and the time of each message. */
    private final class Judge implements DelayedBatch.User {
        private int count;
        private int wrong;
        private long youngestNs = Long.MAX_VALUE;
        private long oldestNs;

        @Override
        public boolean onMessage(final RecordingEntry.Kind kind, final long connection, final byte[] buffer,
                final int offset, final int length) {
            final int comma = number(buffer, offset + 5, ',');
            final long n = value(buffer, offset + 5, comma);
            final long ageNs = clock.nowNs() - value(buffer, comma + 6, offset + length - 1);
            wrong += n == count ? 0 : 1;
            count++;
            youngestNs = Math.min(youngestNs, ageNs);
            oldestNs = Math.max(oldestNs, ageNs);
            return true;
        }

        @Override
        public void onFetched(final long key, final byte[] body) {
            wrong++;
        }

        @Override
        public void onBreak(final boolean isLoss, final long missing) {
            wrong++;
        }

        private int number(final byte[] bytes, final int from, final char end) {
            int at = from;
            while (bytes[at] != end) {
                at++;
            }
            return at;
        }

        private long value(final byte[] bytes, final int from, final int end) {
            long value = 0;
            for (int i = from; i < end; i++) {
                value = value * 10 + bytes[i] - '0';
            }
            return value;
        }
    }
}
