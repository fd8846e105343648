package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;

/** Telemetry in a mapped file, and what another process reads from it. */
class TelemetryFileTest {
    @TempDir
    private Path folder;

    @Test
    void shouldShowCountersToAReader() throws IOException {
        try (Telemetry telemetry = Telemetry.in(folder.resolve("8080"), 3)) {
            telemetry.counters("feed").add(Counter.FEED_FRAMES, 7);
            telemetry.counters("fanout-0").increment(Counter.WRITES);
            telemetry.counters("fanout-1").increment(Counter.FEED_PINGS);
            telemetry.heartbeat("feed");
            telemetry.port(8080);

            final TelemetryReader reader = TelemetryReader.open(telemetry.directory());

            assertThat(reader.samples()).contains(
                new TelemetryReader.Sample("penstock_feed_frames_total{owner=\"feed\"}", 7),
                new TelemetryReader.Sample("penstock_writes_total{owner=\"fanout-0\"}", 1),
                new TelemetryReader.Sample("penstock_writes_total{owner=\"fanout-1\"}", 0),
                new TelemetryReader.Sample("penstock_feed_pings_total{owner=\"fanout-1\"}", 1));
            assertThat(reader.samples()).extracting(TelemetryReader.Sample::label).isSorted()
                .doesNotContain("penstock_writes_total{owner=\"feed\"}")
                .noneMatch(label -> label.contains("heartbeat_ms"));
            assertThat(reader.port()).isEqualTo(8080);
            assertThat(reader.pid()).isEqualTo(ProcessHandle.current().pid());
            telemetry.counters("feed").add(Counter.FEED_FRAMES, 1);
            assertThat(reader.samples()).contains(
                new TelemetryReader.Sample("penstock_feed_frames_total{owner=\"feed\"}", 8));
        }
    }

    @Test
    void shouldShowDistinctErrorsToAReader() throws IOException {
        try (Telemetry telemetry = Telemetry.in(folder.resolve("8080"), 1)) {
            for (int i = 0; i < 3; i++) {
                telemetry.errors().record("a tick", new IllegalStateException("seen in this test only, " + i));
            }

            assertThat(TelemetryReader.open(telemetry.directory()).errors()).singleElement().satisfies(entry -> {
                assertThat(entry.count()).isEqualTo(3);
                assertThat(entry.text())
                    .startsWith("a tick: java.lang.IllegalStateException: seen in this test only, 0");
                assertThat(entry.last()).isAfterOrEqualTo(entry.first());
            });
        }
    }

    @Test
    void shouldNameTheThreadThatIsStuck() throws IOException {
        try (Telemetry telemetry = Telemetry.in(folder.resolve("8080"), 2)) {
            telemetry.heartbeat("feed");
            telemetry.heartbeat("fanout-0");
            final TelemetryReader reader = TelemetryReader.open(telemetry.directory());
            final long nowMs = System.currentTimeMillis();

            assertThat(reader.state(nowMs)).isEqualTo("running");
            assertThat(reader.state(nowMs + 12_500)).matches("stuck for 1[23] s: fanout-0, feed");
        }
    }

    @Test
    void shouldSayThatTheProcessIsDead() throws Exception {
        final Path directory;
        try (Telemetry telemetry = Telemetry.in(folder.resolve("8080"), 1)) {
            telemetry.heartbeat("feed");
            directory = Files.createDirectory(folder.resolve("dead"));
            Files.copy(telemetry.directory().resolve(TelemetryFile.NAME), directory.resolve(TelemetryFile.NAME));
        }
        writePid(directory, endedProcess());

        final TelemetryReader reader = TelemetryReader.open(directory);
        assertThat(reader.state(System.currentTimeMillis())).startsWith("dead: no process " + reader.pid());
        assertThat(reader.isInUse(System.currentTimeMillis() + 10_000)).isFalse();
    }

    @Test
    void shouldTakeTheNextNumberWhileARelayRuns() {
        try (Telemetry first = Telemetry.in(folder.resolve("8080"), 1);
            Telemetry second = Telemetry.in(folder.resolve("8080"), 1)) {
            assertThat(first.directory()).isEqualTo(folder.resolve("8080"));
            assertThat(second.directory()).isEqualTo(folder.resolve("8080-2"));
        }
        try (Telemetry again = Telemetry.in(folder.resolve("8080"), 1)) {
            assertThat(again.directory()).isEqualTo(folder.resolve("8080"));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldReplaceAFileThatIsLeftOver() throws IOException {
        final Path left = Files.createDirectory(folder.resolve("8080"));
        for (final String content : List.of("", "x".repeat(5_000))) {
            Files.writeString(left.resolve(TelemetryFile.NAME), content);
            try (Telemetry telemetry = Telemetry.in(left, 1)) {
                assertThat(telemetry.directory()).isEqualTo(left);
                assertThat(TelemetryReader.open(left).samples()).isEmpty();
            }
            Files.createDirectories(left);
        }
    }

    @Test
    void shouldCountInAnonymousMemoryIfTheDirectoryCannotBeWritten() throws IOException {
        final Path file = Files.writeString(folder.resolve("file"), "not a directory");
        try (Telemetry telemetry = Telemetry.in(file.resolve("8080"), 2)) {
            telemetry.counters("feed").increment(Counter.FEED_FRAMES);
            telemetry.heartbeat("feed").run();

            assertThat(telemetry.directory()).isNull();
            assertThat(telemetry.sum(Counter.FEED_FRAMES)).isEqualTo(1);
        }
    }

    @Test
    void shouldGoOnCountingAfterTheFileIsDeleted() {
        final Telemetry telemetry = Telemetry.in(folder.resolve("8080"), 1);
        final Counters counters = telemetry.counters("feed");
        telemetry.close();

        counters.increment(Counter.FEED_FRAMES);
        assertThat(counters.get(Counter.FEED_FRAMES)).isEqualTo(1);
    }

    @Test
    void shouldSayWhatIsWrongWithADirectory() throws IOException {
        assertThatIOException().isThrownBy(() -> TelemetryReader.open(folder))
            .withMessageContainingAll("no relay in " + folder, TelemetryFile.NAME, "telemetry.dir");
        Files.writeString(folder.resolve(TelemetryFile.NAME), "x".repeat(5_000));
        assertThatIOException().isThrownBy(() -> TelemetryReader.open(folder))
            .withMessageContaining("is not the telemetry file of a relay");
    }

    @Test
    void shouldFindTheRelayOfAConfiguredDirectoryAndItsNumberedSiblingsOnly() throws IOException {
        final String configured = folder.resolve("8080").toString();
        try (Telemetry other = Telemetry.in(folder.resolve("8080-other"), 1)) {
            assertThat(other.directory()).exists();
            assertThatIOException().isThrownBy(() -> TelemetryDirectory.only(configured))
                .withMessageContaining("no relay of this user found in " + configured);
            try (Telemetry first = Telemetry.in(folder.resolve("8080"), 1)) {
                assertThat(TelemetryDirectory.only(configured)).isEqualTo(first.directory());
                try (Telemetry second = Telemetry.in(folder.resolve("8080"), 1)) {
                    assertThatIOException().isThrownBy(() -> TelemetryDirectory.only(configured))
                        .withMessageContaining("several").withMessageContaining(second.directory() + "  run");
                }
            }
        }
    }

    @Test
    void shouldRefuseAnotherLayoutAndATruncatedFile() throws IOException {
        try (Telemetry telemetry = Telemetry.in(folder.resolve("8080"), 1)) {
            final Path path = telemetry.directory().resolve(TelemetryFile.NAME);
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.seek(4);
                file.writeInt(Integer.reverseBytes(TelemetryFile.LAYOUT + 1));
                assertThatIOException().isThrownBy(() -> TelemetryReader.open(telemetry.directory()))
                    .withMessageContaining("has layout 2, this command reads layout 1; use the command of the version");
                file.seek(4);
                file.writeInt(Integer.reverseBytes(TelemetryFile.LAYOUT));
                file.setLength(file.length() - 1);
                assertThatIOException().isThrownBy(() -> TelemetryReader.open(telemetry.directory()))
                    .withMessageContaining("is not the telemetry file of a relay");
                file.setLength(file.length() + 1);
            }
        }
    }

    private static long endedProcess() throws Exception {
        final Process process = new ProcessBuilder("true").start();
        assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.pid();
    }

    private static void writePid(final Path directory, final long pid) throws IOException {
        try (RandomAccessFile file =
            new RandomAccessFile(directory.resolve(TelemetryFile.NAME).toFile(), "rw")) {
            file.seek(8);
            file.writeLong(Long.reverseBytes(pid));
        }
    }
}
