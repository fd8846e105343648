package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingEntry;
import penstock.replay.DemoFeed;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;

/** Relays that record on a disk that is full, and in a directory that another one records in. */
@Tag("gate")
class RecordingDiskTest {
    private static final Duration LIMIT = Patience.LIMIT;
    private static final String LOST = "penstock_record_lost_total";
    private static final int BLOCK = 4_096;
    private static final int WRONG_CONFIG = 78;

    private final DemoFeed feed = DemoFeed.start(0);

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        feed.close();
    }

    @Test
    void shouldNameAFullDiskOnceAndRecordAgainWhenThereIsRoomWhileTheStreamGoesOn() throws Exception {
        final Path disk = Files.createDirectory(folder.resolve("disk"));
        assertThat(RelayProcess.canMount(disk)).withFailMessage("no disk of its own for the relay: be root, or let "
            + "users have namespaces (sysctl kernel.unprivileged_userns_clone=1)").isTrue();
        final RelayProcess relay =
            RelayProcess.startOnDisk(disk, "8m", "run", "-c", configuration(disk.resolve("record")));
        try (relay; SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            final Subscriber subscriber = fleet.open("/v1/ws?symbols=EURUSD&interval=0", 0);
            await("recorded").atMost(LIMIT).until(() -> relay.metric("penstock_record_messages_total") > 0);
            assertThat(recordings(relay)).isEmpty();

            final Path filler = relay.path(disk.resolve("filler"));
            fill(filler);
            await("a finding").atMost(LIMIT).until(() -> recordings(relay).stream().anyMatch(
                each -> each.startsWith("feed demo: its recording lacks ") && each.contains("and the next ones too")
                && each.contains("the disk is full at " + disk)));
            final long before = subscriber.seen.get("EURUSD").q();
            await("the stream goes on").atMost(LIMIT)
                .until(() -> subscriber.seen.get("EURUSD").q() > before + 100);
            assertThat(relay.metric("penstock_record_failing")).isEqualTo(1);

            Files.delete(filler);
            await("recorded again").atMost(LIMIT).until(() -> relay.metric("penstock_record_failing") == 0);
            assertThat(recordings(relay)).singleElement().asString().startsWith("feed demo: its recording lacks ")
                .contains("it is recorded now");
            assertThat(fleet.breaches()).isEmpty();
            assertThat(relay.metric("penstock_sessions")).isEqualTo(1);
            assertThat(missing(relay.path(disk.resolve("record")))).as("messages missing, by the marks")
                .isPositive().isEqualTo(relay.metric(LOST));
            relay.terminate(TimeUnit.SECONDS.toMillis(Patience.SECONDS));
            assertThat(relay.printed()).as("alarms").filteredOn(line -> line.contains(" ERROR record: "))
                .singleElement()
                .asString().contains("feed demo cannot be recorded in " + disk);
        }
    }

    @Test
    void shouldRefuseToStartASecondRelayThatRecordsInTheSameDirectory() throws Exception {
        final Path record = folder.resolve("record");
        final String configuration = configuration(record);
        try (RelayProcess first = RelayProcess.start("run", "-c", configuration)) {
            final Process second = RelayProcess.startOnly("run", "-c", configuration, "--set", "server.port=0", "--set",
                "admin.port=0", "--set", "telemetry.dir=" + folder.resolve("second"));
            final String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(second.waitFor()).as(said).isEqualTo(WRONG_CONFIG);
            assertThat(said).contains("feed.record: " + record + ": another relay records here (process "
                + first.process.pid() + ", ", "give each relay a directory of its own");
            first.terminate(TimeUnit.SECONDS.toMillis(Patience.SECONDS));
        }
        try (RelayProcess next = RelayProcess.start("run", "-c", configuration)) {
            await("recorded").atMost(LIMIT).until(() -> next.metric("penstock_record_messages_total") > 0);
        }
    }

    private String configuration(final Path record) throws IOException {
        return Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = demo, url = "%s", record = "%s" }
            server.drain-time = 100ms
            telemetry.dir = "%s"
            """.formatted(feed.url(), record, folder.resolve("telemetry"))).toString();
    }

    /** The findings about recordings: a busy machine may have others. */
    private static List<String> recordings(final RelayProcess relay) throws IOException, InterruptedException {
        return ParsedJson.list(ParsedJson.object(ParsedJson.values(relay.get(relay.adminPort, "/admin/v1/findings")
            .body())).get("findings")).stream().map(ParsedJson::object)
            .map(each -> each.get("subject") + ": " + each.get("text") + ": " + each.get("cause"))
            .filter(each -> each.contains("record")).toList();
    }

    private static void fill(final Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            final byte[] block = new byte[BLOCK];
            while (true) {
                out.write(block);
            }
        } catch (final IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static long missing(final Path directory) {
        long missing = 0;
        try (RecordedSpan span = RecordedSpan.of(directory, null, RecordedSpan.Span.ALL)) {
            while (span.nextEntry()) {
                missing += span.entry().kind() == RecordingEntry.Kind.LOST ? span.entry().missing() : 0;
            }
        }
        return missing;
    }
}
