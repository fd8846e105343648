package penstock.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.AuditConfig;
import penstock.telemetry.MetricsPage;
import penstock.telemetry.Telemetry;
import penstock.testkit.RecordedLog;

class AuditOutputTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T12:00:00.500Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void shouldWriteEachLineWithItsTimeForTheOperatorAlone() throws IOException {
        final Path file = folder.resolve("audit.log");
        try (AuditOutput output = AuditOutput.of(config(file, 1 << 20, 5), CLOCK)) {
            output.accept(new AuditLine("open session=x"));
            output.accept(new AuditLine("close session=x"));
        }
        assertThat(file).content()
            .isEqualTo("2026-11-30T12:00:00.500Z open session=x\n2026-11-30T12:00:00.500Z close session=x\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).matches("rw-r?-----|rw-------");
    }

    @Test
    void shouldKeepSoManyFilesOfSuchASizeAndNoLineInHalves() throws IOException {
        final Path file = folder.resolve("audit.log");
        final String line = "x".repeat(900);
        try (AuditOutput output = AuditOutput.of(config(file, 4_096, 3), CLOCK)) {
            for (int i = 0; i < 100; i++) {
                output.accept(new AuditLine(i + line));
            }
        }
        final List<String> kept = new ArrayList<>();
        for (final String name : List.of("audit.log.2", "audit.log.1", "audit.log")) {
            assertThat(Files.size(folder.resolve(name))).isLessThanOrEqualTo(4_096);
            kept.addAll(Files.readAllLines(folder.resolve(name)));
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.3");
        assertThat(kept).hasSizeBetween(9, 12).last().asString().endsWith(" 99" + line);
        for (int i = 0; i < kept.size(); i++) {
            assertThat(kept.get(i)).endsWith(" " + (100 - kept.size() + i) + line);
        }
    }

    /** As logrotate does it. */
    @Test
    void shouldBeginANewFileWhenAnotherProgramRenamesIt() throws IOException {
        final Path file = folder.resolve("audit.log");
        try (AuditOutput output = AuditOutput.of(config(file, 1 << 20, 5), CLOCK)) {
            output.accept(new AuditLine("one"));
            await().untilAsserted(() -> assertThat(file).content().endsWith(" one\n"));
            Files.move(file, folder.resolve("old"));
            output.accept(new AuditLine("two"));
        }
        assertThat(folder.resolve("old")).content().endsWith(" one\n");
        assertThat(file).content().endsWith(" two\n");
    }

    @Test
    void shouldGoToTheLogOfTheRelayWithoutAFile() {
        try (RecordedLog log = new RecordedLog("audit"); AuditOutput output = AuditOutput.of(config(null, 0, 0))) {
            output.accept(new AuditLine("open session=x"));
            await().untilAsserted(() -> assertThat(log.lines()).containsExactly("INFO open session=x"));
        }
    }

    /** It takes a millisecond in a process that is new: an io thread does not have it. */
    @Test
    void shouldMakeALineATextOnItsOwnThreadAlone() {
        try (RecordedLog log = new RecordedLog("audit"); AuditOutput output = AuditOutput.of(config(null, 0, 0))) {
            output.accept(new AuditLine("open"));
            await().until(() -> !log.lines().isEmpty());
            assertThat(log.threads()).containsExactly("audit");
        }
    }

    @Test
    void shouldSayWhatToDoIfTheFileCannotBeWritten() {
        final AuditConfig config = config(folder.resolve("none/audit.log"), 1 << 20, 5);
        assertThatThrownBy(() -> AuditOutput.of(config)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("audit.file: cannot write ", "none/audit.log", "a folder that exists");
    }

    @Test
    void shouldCountTheLinesThatADiskLosesAndReportThemOnce() throws IOException {
        final Path gone = Files.createDirectory(folder.resolve("gone"));
        final String metrics;
        try (RecordedLog log = new RecordedLog(RotatingFile.class.getName()); Telemetry telemetry = new Telemetry()) {
            try (AuditOutput output = AuditOutput.of(config(gone.resolve("audit.log"), 1 << 20, 5))) {
                output.register(telemetry);
                Files.delete(gone.resolve("audit.log"));
                Files.delete(gone);
                output.accept(new AuditLine("one"));
                output.accept(new AuditLine("two"));
                await().until(() -> !log.lines().isEmpty());
                Files.createDirectory(gone);
                output.accept(new AuditLine("three"));
            }
            metrics = new MetricsPage(telemetry).text();
            assertThat(log.lines()).singleElement().asString().startsWith("ERROR audit.file: ")
                .contains("audit.log cannot be written, and lines are lost until it can: ");
        }
        assertThat(metrics).matches("(?s).*penstock_audit_lines_dropped_total [12].0\n.*");
        assertThat(gone.resolve("audit.log")).content().endsWith(" three\n");
    }

    private static AuditConfig config(final Path file, final long size, final int files) {
        return new AuditConfig(file == null ? null : file.toString(), 1, 0, size, files);
    }
}
