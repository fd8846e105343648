package penstock.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Seeds;
import penstock.usage.ledger.UsageReport;

/** Two months of random sessions, with restarts; their reports are those of a plain reckoning, byte by byte. */
class UsageMonthsTest {
    private static final long START_MS = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli();
    private static final int HOURS = (30 + 31) * 24 + 2;
    private static final List<String> PRINCIPALS = List.of("alice", "bob, jr", "c\"d\"", "émile\nzola", "zoë");
    private static final List<String> PRODUCTS = List.of("level1", "level2", "news,all");

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @RegisterExtension
    private final UsageLog log = new UsageLog();
    @TempDir
    private Path folder;
    private final HandClock clock = new HandClock("2026-11-01T00:00:00Z");
    private final Map<ReckonedUsage.Use, UsageMeter> open = new HashMap<>();
    private final List<ReckonedUsage.Use> order = new ArrayList<>();
    private ReckonedUsage reckoned;
    private LedgerRig rig;
    private Random random;

    @Test
    void shouldReportWhatAPlainReckoningFinds() throws IOException {
        for (final long seed : seeds.rounds(2)) {
            final Path directory = Files.createDirectory(folder.resolve("seed-" + seed));
            random = Seeds.random(seed);
            reckoned = new ReckonedUsage();
            live(directory);

            assertThat(LedgerRig.check(directory).firstBreak()).isNull();
            for (final String month : List.of("2026-11", "2026-12")) {
                for (final String product : new String[] {null, "level1", "none"}) {
                    compare(directory, YearMonth.parse(month), product);
                }
            }
        }
    }

    private void compare(final Path directory, final YearMonth month, final String product) throws IOException {
        for (final UsageReport.Unit unit : UsageReport.Unit.values()) {
            for (final UsageReport.Basis basis : UsageReport.Basis.values()) {
                final String expected = reckoned.report(month, unit == UsageReport.Unit.DEVICE,
                    basis == UsageReport.Basis.ENABLED, product);
                assertThat(new UsageReport(unit, basis, product).of(List.of(directory), month))
                    .as("%s %s %s", month, unit, basis).isEqualTo(expected);
            }
        }
    }

    private void live(final Path directory) throws IOException {
        clock.setMs(START_MS);
        start(directory);
        for (int hour = 0; hour < HOURS; hour++) {
            final long hourMs = START_MS + hour * ReckonedUsage.HOUR_MS;
            clock.setMs(hourMs);
            rig.recorders.forEach(recorder -> {
                while (!recorder.handOver(clock.millis(), 3)) {
                    assertThat(open).isNotEmpty();
                }
            });
            long offsetMs = 0;
            while (offsetMs < ReckonedUsage.HOUR_MS - 700_000) {
                offsetMs += 1 + random.nextInt(600_000);
                clock.setMs(hourMs + offsetMs);
                event();
            }
            rig.write();
            if (random.nextInt(100) == 0) {
                clock.setMs(clock.millis() + 1);
                stop();
                clock.setMs(clock.millis() + 1);
                start(directory);
            }
        }
        clock.setMs(clock.millis() + 1);
        stop();
    }

    private void start(final Path directory) {
        final FullDisk disk = new FullDisk();
        disk.room(Long.MAX_VALUE);
        rig = new LedgerRig(directory, clock, disk, new UsageSettings(ReckonedUsage.HOUR_MS, 1_000, 7)).start();
        for (int i = 0; i < 3; i++) {
            rig.recorder();
        }
    }

    private void stop() throws IOException {
        List.copyOf(order).forEach(this::close);
        rig.stop();
    }

    private void event() {
        final long now = clock.millis();
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                final ReckonedUsage.Use use = new ReckonedUsage.Use(any(), "10.0.0." + random.nextInt(4), now);
                open.put(use, rig.recorders.get(random.nextInt(3)).open(use.licence, use.device, now));
                order.add(use);
                reckoned.uses.add(use);
            }
            case 2, 3 -> {
                if (!order.isEmpty()) {
                    close(order.get(random.nextInt(order.size())));
                }
            }
            case 4 -> change(any(), now);
            case 5 -> {
                final ReckonedUsage.Use use = new ReckonedUsage.Use(any(), "10.0.0.9", now).ofRequest();
                rig.recorders.get(0).count(use.licence, use.device, 3, now);
                use.images.put(now, 3);
                reckoned.uses.add(use);
            }
            case 6 -> rig.journal().deny("mallory", "level" + random.nextInt(9), "not entitled", now);
            default -> {
                if (!order.isEmpty()) {
                    final ReckonedUsage.Use use = order.get(random.nextInt(order.size()));
                    final int count = 1 + random.nextInt(1_000);
                    if (random.nextInt(4) == 0) {
                        open.get(use).onImages(count);
                        use.images.put(now, count);
                    } else {
                        open.get(use).onDelivered(count);
                        use.delivered.put(now, count);
                    }
                }
            }
        }
    }

    private void change(final Licence licence, final long now) {
        if (rig.journal().activate(licence, "ops", "test", now)) {
            reckoned.actives.add(new ReckonedUsage.Active(licence, now));
        } else if (rig.journal().deactivate(licence, "ops", "test", now)) {
            reckoned.actives.stream().filter(active -> active.licence.equals(licence))
                .reduce((before, last) -> last).orElseThrow().toMs = now;
        }
    }

    private void close(final ReckonedUsage.Use use) {
        use.closeMs = clock.millis();
        open.remove(use).close(clock.millis());
        order.remove(use);
    }

    private Licence any() {
        return new Licence(PRINCIPALS.get(random.nextInt(PRINCIPALS.size())),
            PRODUCTS.get(random.nextInt(PRODUCTS.size())), random.nextInt(4) > 0);
    }
}
