package penstock.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static penstock.usage.LedgerRig.of;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;
import penstock.usage.ledger.LedgerFiles;

/** The ledger with its thread. */
@Timeout(Patience.TEST_SECONDS)
class UsageLedgerTest {
    private static final int THREADS = 4;
    private static final UsageSettings OFTEN = new UsageSettings(2, 50, 40);

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @RegisterExtension
    private final UsageLog log = new UsageLog();
    @TempDir
    private Path folder;

    @Test
    void shouldWriteExactlyWhatAllThreadsCounted() throws Exception {
        final UsageLedger ledger = UsageLedger.open(folder, OFTEN, Clock.systemUTC());
        final AtomicLong delivered = new AtomicLong();
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            final UsageRecorder recorder = ledger.newRecorder();
            final Random random = Seeds.random(seeds.fresh() + i);
            threads.add(new Thread(() -> serve(recorder, random, delivered)));
        }
        ledger.start();
        threads.forEach(Thread::start);
        for (final Thread thread : threads) {
            thread.join();
        }
        assertThat(ledger.close(30_000)).isTrue();

        assertThat(ledger.writtenUpdates()).isEqualTo(delivered.get());
        long sum = 0;
        for (final var month : LedgerFiles.in(folder).keySet()) {
            sum += LedgerRig.updates(folder, month.toString());
        }
        assertThat(sum).isEqualTo(delivered.get());
        assertThat(LedgerRig.check(folder).firstBreak()).isNull();
        assertThat(LedgerRig.check(folder).lastHash()).isEqualTo(ledger.lastHash());
        assertThat(ledger.waitingRecords()).isZero();
        assertThat(ledger.failures()).isZero();
    }

    @Test
    void shouldReportAFailureOnceCountItAndWriteLater() throws Exception {
        final FullDisk disk = new FullDisk();
        disk.room(1_000);
        final UsageLedger ledger = UsageLedger.open(folder, disk, OFTEN, Clock.systemUTC());
        disk.room(0);
        final UsageMeter meter = ledger.newRecorder().open(of("alice", "level1"), "a", System.currentTimeMillis());
        meter.onDelivered(5);
        meter.close(System.currentTimeMillis());
        ledger.start();
        await().until(() -> ledger.failures() >= 2 && ledger.waitingRecords() > 0);
        assertThat(ledger.writtenUpdates()).isZero();
        disk.room(1 << 20);
        await().until(() -> ledger.writtenUpdates() == 5);
        assertThat(ledger.close(30_000)).isTrue();
        assertThat(log.messages(Level.ERROR)).singleElement().asString()
            .contains("cannot write", "No space left on device", "free space");
        assertThat(log.messages(Level.INFO)).containsExactly(
            "usage ledger: the disk takes records again; nothing is missing");
    }

    @Test
    void shouldSayThatNotEverythingWasWritten() throws Exception {
        final FullDisk disk = new FullDisk();
        disk.room(1_000);
        final UsageLedger ledger = UsageLedger.open(folder, disk, UsageSettings.standard(), Clock.systemUTC());
        disk.room(0);
        ledger.newRecorder().open(of("alice", "level1"), "a", System.currentTimeMillis()).onDelivered(5);
        ledger.start();
        assertThat(ledger.close(30_000)).isFalse();
        assertThat(log.messages(Level.ERROR)).last().asString().contains("1 records of use are lost");
        assertThat(LedgerRig.check(folder).firstBreak()).isNull();
    }

    @Test
    void shouldLetOneRelayWriteAtATime() throws Exception {
        final UsageLedger ledger = UsageLedger.open(folder, OFTEN, Clock.systemUTC());
        assertThatThrownBy(() -> UsageLedger.open(folder, OFTEN, Clock.systemUTC())).isInstanceOf(IOException.class)
            .hasMessage(folder + ": another relay writes its usage ledger here; give each its own usage.dir");
        assertThat(ledger.close(30_000)).as("never started").isTrue();
        final UsageLedger next = UsageLedger.open(folder, OFTEN, Clock.systemUTC());
        next.start();
        assertThat(next.close(30_000)).isTrue();
    }

    private static void serve(final UsageRecorder recorder, final Random random, final AtomicLong delivered) {
        final List<UsageMeter> open = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            final long now = System.currentTimeMillis();
            switch (open.isEmpty() ? 0 : random.nextInt(8)) {
                case 0 -> open.add(recorder.open(of("p" + random.nextInt(5), "level" + random.nextInt(3)),
                    "d" + random.nextInt(40), now));
                case 1 -> open.remove(random.nextInt(open.size())).close(now);
                case 2 -> recorder.handOver(now, 1 + random.nextInt(20));
                default -> {
                    final int count = random.nextInt(100);
                    open.get(random.nextInt(open.size())).onDelivered(count);
                    delivered.addAndGet(count);
                }
            }
        }
        open.forEach(meter -> meter.close(System.currentTimeMillis()));
    }
}
