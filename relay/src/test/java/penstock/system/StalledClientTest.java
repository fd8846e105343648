package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import penstock.replay.FeedServer;
import penstock.telemetry.Counter;
import penstock.testkit.Patience;

/**
 * Clients of mode all that read nothing while the journal goes round many times: the relay keeps nothing for them, and
 * sends each of them one gap for what it missed. Not the clock but the volume makes the stall: trades go on only when a
 * client that reads has had them all.
 */
@Tag("slow")
class StalledClientTest {
    private static final int STALLED = 60;
    /** Two io threads: each keeps 128 KiB, some 500 trades. */
    private static final String JOURNAL = "fanout.journal=256KiB";
    private static final int STEP = 200;
    private static final int BEFORE = 600;
    private static final int FULL = 800;
    private static final int FIRST_LAPS = 2_000;
    private static final int DURING = 8_000;
    private static final int AFTER = 8_400;
    /** The rest of a message that its socket took in part, once on each side. */
    private static final long MOST_BYTES_EACH = 128 * 1024;
    /** Later laps are 2 MB for each, and nothing is kept. By itself the heap of a JVM of many tests moves by 400 KB. */
    private static final long MOST_BYTES_EACH_LATER = 16 * 1024;
    private static final int LOOKS = 4;
    private static final Duration QUIET = Duration.ofMillis(400);
    private static final Duration LIMIT = Patience.LIMIT;

    private final TradeTape tape = new TradeTape();
    private FeedServer venue;
    private RelayRig rig;
    private Subscriber reader;

    @BeforeEach
    void start() throws IOException {
        venue = FeedServer.start(0, tape);
        rig = new RelayRig("binance", venue.url("/stream"), JOURNAL, "server.send-buffer=4k", "feed.channels=[trade]");
        reader = rig.fleet.open("/v1/ws?channel=trade&symbols=*", 0);
    }

    @AfterEach
    void stop() throws IOException {
        try {
            rig.close();
        } finally {
            venue.close();
        }
    }

    @Test
    void shouldQueueNothingForStalledClientsAndSendEachOneGap() {
        final List<Subscriber> stalled = open("gap");
        final long readingBytes = usedBytes();
        stall(stalled);
        tell(FULL, FIRST_LAPS, List.of(reader));
        final long stalledBytes = usedBytes();
        tell(FIRST_LAPS, DURING, List.of(reader));
        final long laterBytes = usedBytes();
        assertThat((stalledBytes - readingBytes) / STALLED).as("bytes held more for each client")
            .isLessThan(MOST_BYTES_EACH);
        assertThat((laterBytes - stalledBytes) / STALLED).as("bytes held more for each client later")
            .isLessThan(MOST_BYTES_EACH_LATER);
        assertThat(rig.relay.telemetry().sum(Counter.GAPS_SENT)).as("gaps sent to a session that does not read")
            .isZero();
        stalled.forEach(each -> rig.fleet.pause(each, false));
        awaitAll(stalled, DURING);
        tell(DURING, AFTER, everybody(stalled));
        for (final Subscriber each : stalled) {
            assertThat(each.gaps).as("gaps").isOne();
            assertThat(each.unseenGap).as("missed by the gap's count, less what is missing").isZero();
            assertThat(each.breaches).isEmpty();
            assertThat(each.conflated).isZero();
            assertThat(each.updates + missed(each)).as("trades that came or were reported as missed")
                .isEqualTo(2 * AFTER);
            assertThat(missed(each)).as("missed").isGreaterThan(DURING - FIRST_LAPS);
        }
        assertThat(reader.gaps).as("gaps of a session that reads").isZero();
        assertThat(reader.updates).isEqualTo(2 * AFTER);
        assertThat(rig.relay.telemetry().sum(Counter.GAPS_SENT)).isEqualTo(STALLED);
        assertThat(rig.relay.telemetry().sum(Counter.UPDATES_IN_GAPS))
            .isEqualTo(stalled.stream().mapToLong(StalledClientTest::missed).sum());
    }

    @Test
    void shouldCloseStalledClientsThatAcceptNoGaps() {
        final List<Subscriber> stalled = open("close");
        stall(stalled);
        tell(FULL, FIRST_LAPS, List.of(reader));
        stalled.forEach(each -> rig.fleet.pause(each, false));
        await("closed").atMost(LIMIT).until(() -> stalled.stream().allMatch(each -> each.closeCode >= 0));
        for (final Subscriber each : stalled) {
            assertThat(each.controls).last().isEqualTo("close 4508 slow consumer");
            assertThat(each.gaps).isZero();
            assertThat(each.breaches).isEmpty();
        }
        await("sessions").atMost(LIMIT).until(() -> rig.relay.sessionCount() == 1);
        assertThat(reader.updates).isEqualTo(2 * FIRST_LAPS);
    }

    private List<Subscriber> open(final String overflow) {
        final List<Subscriber> all = new ArrayList<>();
        for (int i = 0; i < STALLED; i++) {
            all.add(rig.fleet.open("/v1/ws?channel=trade&symbols=*&mode=all&overflow=" + overflow, 4096));
        }
        await("sessions").atMost(LIMIT)
            .until(() -> reader.isSnapshotDone && all.stream().allMatch(each -> each.isSnapshotDone));
        tell(0, BEFORE, everybody(all)); // the journal has its size now
        return all;
    }

    /**
     * They stop to read, and their sockets fill: what the kernel takes for them it takes within the first lap. A socket
     * that takes more once the journal has overtaken its session would get a gap for the loss so far, and of the rest
     * in another.
     */
    private void stall(final List<Subscriber> stalled) {
        stalled.forEach(each -> rig.fleet.pause(each, true));
        tell(BEFORE, FULL, List.of(reader));
        final long[] seen = {-1, 0};
        await("full sockets").atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> {
            final long sent = rig.relay.telemetry().sum(Counter.BYTES_SENT);
            final long nowNs = System.nanoTime();
            if (sent != seen[0]) {
                seen[0] = sent;
                seen[1] = nowNs;
            }
            return nowNs - seen[1] > QUIET.toNanos();
        });
    }

    private List<Subscriber> everybody(final List<Subscriber> stalled) {
        final List<Subscriber> all = new ArrayList<>(stalled);
        all.add(reader);
        return all;
    }

    /** In steps that reading sessions can follow: they must never be overtaken. */
    private void tell(final int from, final int to, final List<Subscriber> readers) {
        for (int count = from + STEP; count <= to; count += STEP) {
            final int next = count;
            tape.upTo(next);
            await("readers").atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .until(() -> readers.stream().allMatch(each -> each.updates + missed(each) == 2 * next));
        }
    }

    private static void awaitAll(final List<Subscriber> all, final int count) {
        await("all trades").atMost(LIMIT).untilAsserted(() -> assertThat(all).allSatisfy(each ->
            assertThat(each.seen.values()).hasSize(2).allMatch(seen -> seen.q() == count)));
    }

    private static long missed(final Subscriber subscriber) {
        return subscriber.gaps == 0 ? 0
            : subscriber.controls.stream().filter(text -> text.startsWith("{\"type\":\"gap\""))
            .mapToLong(text -> Long.parseLong(text.replaceAll(".*\"missed\":(\\d+).*", "$1"))).sum();
    }

    /**
     * The least of several looks: what one collection leaves behind for a moment is up to 14 MB of the whole test's
     * machine.
     */
    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < LOOKS; i++) {
            System.gc();
            least = Math.min(least, usedNowBytes());
        }
        return least;
    }

    private static long usedNowBytes() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + ManagementFactory
            .getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }
}
