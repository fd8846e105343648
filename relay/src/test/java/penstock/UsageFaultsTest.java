package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.system.RelayProcess;
import penstock.telemetry.Counter;
import penstock.telemetry.MetricsPage;
import penstock.testkit.RecordedLog;
import penstock.testkit.Seeds;
import penstock.usage.HandClock;

/** A relay whose usage ledger cannot be written, and one that is killed. */
@Timeout(120)
class UsageFaultsTest {
    private static final int KILLS = 3;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final AtomicLong updates = new AtomicLong();
    @TempDir
    private Path folder;

    @Test
    void shouldServeOnWhileTheLedgerCannotBeWrittenAndMissNothing() throws Exception {
        final HandClock clock = new HandClock("2026-11-30T23:00:00Z");
        final UsageRelay rig = new UsageRelay(folder, clock, "usage.interval = 100ms").client("desk-7",
            List.of("fx"), "");
        try (RecordedLog log = new RecordedLog("penstock.usage"); UsageRelay relay = rig.start()) {
            try (UsageClient client = client(relay)) {
                client.readUntil("EURUSD", relay.last("EURUSD"));
                client.readUntil("EURUSD", relay.tick("EURUSD"));
                await().until(() -> relay.sum("updates") == 1);
                final Path away = Files.move(relay.ledger, folder.resolve("away"));
                Files.writeString(relay.ledger, "not a directory");
                clock.set("2026-12-01T00:00:01Z");
                for (int i = 0; i < 200; i++) {
                    client.readUntil("EURUSD", relay.tick("EURUSD"));
                }
                await().until(() -> failures(relay) >= 3);
                assertThat(relay.relay().telemetry().sum(Counter.UPDATES_DELIVERED)).isEqualTo(updates.get());
                Files.delete(relay.ledger);
                Files.move(away, relay.ledger);
                await().until(() -> log.lines().contains(
                    "INFO usage ledger: the disk takes records again; nothing is missing"));
                client.readUntil("EURUSD", relay.tick("EURUSD"));
            }
            relay.stop();
            assertThat(log.lines()).filteredOn(line -> line.startsWith("ERROR")).singleElement().asString()
                .contains("cannot write", "usage.dir");
            assertThat(relay.sum("updates")).isEqualTo(updates.get());
            assertThat(CommandRun.of("usage", "verify", relay.ledger.toString()).code()).isZero();
        }
    }

    @Test
    @Tag("slow")
    @Tag("gate")
    void shouldContinueALedgerThatHoldsAfterEachKill() throws Exception {
        final Random random = Seeds.random(seeds.fresh());
        try (UsageRelay relay = new UsageRelay(folder, Clock.systemUTC(), "usage.interval = 100ms").client("desk-7",
            List.of("fx"), "")) {
            final String configuration = relay.configure().toString();
            for (int i = 0; i <= KILLS; i++) {
                try (RelayProcess process = RelayProcess.start("run", "-c", configuration, "--set",
                    "admin.enabled=true")) {
                    relay.awaitFeed();
                    relay.tick("EURUSD");
                    serve(relay, process, 300 + random.nextInt(300));
                    if (i == KILLS) {
                        assertThat(process.terminate(10_000)).isZero();
                    } else {
                        process.process.destroyForcibly().waitFor();
                        relay.awaitNoFeed();
                        final CommandRun verify = CommandRun.of("usage", "verify", relay.ledger.toString());
                        assertThat(verify.code() == 0 || verify.out().contains("this line is not complete"))
                            .as(verify.out()).isTrue();
                    }
                }
            }
            assertThat(CommandRun.of("usage", "verify", relay.ledger.toString()).code()).isZero();
            assertThat(relay.records("start")).hasSize(KILLS + 1);
            assertThat(relay.records("stop")).hasSize(1);
            assertThat(relay.sum("updates")).as("a kill loses the last intervals").isPositive()
                .isLessThanOrEqualTo(updates.get());
            assertThat(relay.records("activated")).as("what was active stays").hasSize(1);
        }
    }

    private void serve(final UsageRelay relay, final RelayProcess process, final int ticks) throws IOException {
        try (UsageClient client = new UsageClient(process.port, relay.bearer("desk-7"), UsageClient.Way.WS,
            "symbols=EURUSD&interval=0", (self, value) -> updates.addAndGet(value.isImage() ? 0 : 1))) {
            client.readUntil("EURUSD", relay.last("EURUSD"));
            for (int i = 0; i < ticks; i++) {
                client.readUntil("EURUSD", relay.tick("EURUSD"));
            }
        }
    }

    private UsageClient client(final UsageRelay relay) throws IOException {
        return new UsageClient(relay, "desk-7", UsageClient.Way.WS, "symbols=EURUSD&interval=0",
            (self, value) -> updates.addAndGet(value.isImage() ? 0 : 1));
    }

    private static long failures(final UsageRelay relay) {
        return new MetricsPage(relay.relay().telemetry()).text().lines()
            .filter(line -> line.startsWith("penstock_usage_failed_appends"))
            .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
