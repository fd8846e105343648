package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.usage.Licence;
import penstock.usage.UsageLedger;
import penstock.usage.UsageMeter;
import penstock.usage.UsageSettings;

/** {@code usage verify} and {@code usage report}, by their exit codes and texts. */
class UsageCommandTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);
    private static final String HEAD =
        "month,product,use,user,units,most_concurrent,first_use,last_use,updates,images\r\n";

    @TempDir
    private Path folder;
    @TempDir
    private Path elsewhere;
    private Path file;
    private String lastHash;
    private String out;
    private String err;

    @BeforeEach
    void oneUser() throws IOException, InterruptedException {
        final UsageLedger ledger = UsageLedger.open(folder, UsageSettings.standard(), CLOCK);
        final Licence alice = new Licence("Müller, \"A\"", "level1", true);
        ledger.journal().activate(alice, "ops", "contract 17", CLOCK.millis());
        ledger.journal().activate(new Licence("bob", "level2", false), "ops", "contract 18", CLOCK.millis());
        final UsageMeter meter = ledger.newRecorder().open(alice, "10.0.0.7", CLOCK.millis());
        meter.onDelivered(42);
        meter.close(CLOCK.millis() + 1_500);
        ledger.start();
        assertThat(ledger.close(10_000)).isTrue();
        file = folder.resolve("usage-2026-11.jsonl");
        lastHash = ledger.lastHash();
    }

    @Test
    void shouldPrintTheLastHashOfALedgerThatHolds() {
        assertThat(verify()).isZero();
        assertThat(out.lines()).containsExactly("holds: 6 lines in 1 file", "last hash: " + lastHash);
        assertThat(err).isEmpty();
    }

    @Test
    void shouldNameTheFirstLineThatBreaksTheChain() throws IOException {
        Files.writeString(file, Files.readString(file).replace("contract 18", "contract 81"));
        assertThat(verify()).isEqualTo(1);
        assertThat(out.lines().toList().get(0)).startsWith("BROKEN " + file + ":4: its hash does not follow");
        assertThat(out).contains("the 3 lines before it hold");
        assertThat(report("2026-11", "user", "accessed")).isEqualTo(1);
        assertThat(out).isEmpty();
        assertThat(err).startsWith(file + ":4: ").contains("relay usage verify");
    }

    @Test
    void shouldCompareTheExpectedHash() throws IOException {
        assertThat(verify("--expect", lastHash)).isZero();
        assertThat(out).contains("expected hash: " + file + ":6\n");
        final List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, 5));
        assertThat(verify()).isZero();
        assertThat(verify("--expect", lastHash)).isEqualTo(1);
        assertThat(out).contains("MISSING the expected hash: lines at the end are missing");
        assertThat(verify("--expect", "abc")).isEqualTo(2);
        assertThat(err).contains("--expect must be 64 characters from 0 to 9 and a to f, got abc");
        assertThat(verify("--after", lastHash)).isEqualTo(1);
    }

    @Test
    void shouldSayThatALineIsNotComplete() throws IOException {
        final String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 10));
        assertThat(verify()).isEqualTo(1);
        assertThat(out).startsWith("BROKEN " + file + ":6: this line is not complete").contains("verify again");
        assertThat(report("2026-11", "user", "accessed")).isZero();
    }

    @Test
    void shouldReportUsersAndDevices() {
        assertThat(report("2026-11", "user", "accessed")).as(err).isZero();
        assertThat(out).isEqualTo(HEAD + "2026-11,level1,display,\"Müller, \"\"A\"\"\",1,1,2026-11-30T12:00:00.000Z,"
            + "2026-11-30T12:00:01.500Z,42,0\r\n");
        assertThat(report("2026-11", "user", "enabled", "--product", "level2")).isZero();
        assertThat(out).isEqualTo(HEAD + "2026-11,level2,non-display,bob,1,0,,,0,0\r\n");
        assertThat(report("2026-11", "device", "enabled")).isZero();
        assertThat(out.lines().toList()).hasSize(3)
            .contains("2026-11,level2,non-display,bob,,1,0,,,0,0").element(1).asString().contains(",10.0.0.7,1,1,");
    }

    @Test
    void shouldCountAClientOfTwoRelaysAtOnceAsOneUserWithTwoSessions() throws Exception {
        final Path london = use("london", "10.0.0.7", 8, Instant.parse("2026-11-30T11:59:00Z"));
        assertThat(report("2026-11", "user", "accessed", london.toString())).as(err).isZero();
        assertThat(out).isEqualTo(HEAD + "2026-11,level1,display,\"Müller, \"\"A\"\"\",1,2,2026-11-30T11:59:00.000Z,"
            + "2026-11-30T12:00:01.500Z,50,0\r\n");
        assertThat(report("2026-11", "device", "accessed", london.toString())).isZero();
        assertThat(out.lines().skip(1)).singleElement().asString().contains(",10.0.0.7,1,2,").endsWith(",50,0");
        final Path tokyo = use("tokyo", "10.0.0.8", 1, CLOCK.instant());
        assertThat(report("2026-11", "device", "accessed", tokyo.toString(), london.toString())).isZero();
        assertThat(out.lines().skip(1)).hasSize(2);
        assertThat(report("2026-11", "user", "enabled", tokyo.toString())).isZero();
        assertThat(out.lines().skip(1)).as("entitled at one of them").hasSize(2)
            .last().asString().contains(",bob,1,0,");
    }

    @Test
    void shouldRefuseCopiesOfALedgerWhichWouldCountTwice() throws Exception {
        final Path london = use("london", "10.0.0.7", 8, CLOCK.instant());
        final Path older = Files.createDirectory(london.resolveSibling("older"));
        Files.write(older.resolve(file.getFileName()), Files.readAllLines(file).subList(0, 4));
        for (final Path copy : List.of(folder, older)) {
            assertThat(report("2026-11", "user", "accessed", london.toString(), copy.toString())).isEqualTo(1);
            assertThat(err).contains("copies of one ledger", file.toString());
        }
        assertThat(report("2026-10", "user", "accessed", london.toString())).isEqualTo(1);
        final Path lastLine = london.resolve(file.getFileName());
        Files.writeString(lastLine, Files.readString(lastLine).replace("\"updates\":8", "\"updates\":9"));
        assertThat(report("2026-11", "user", "accessed", london.toString())).isEqualTo(1);
        assertThat(err).contains(lastLine.toString(), "relay usage verify");
    }

    /** Writes the ledger of another relay, with one session of the same user. */
    private Path use(final String relay, final String device, final int updates, final Instant at) throws Exception {
        final Path directory = Files.createDirectory(elsewhere.resolve(relay));
        final Clock clock = Clock.fixed(at, ZoneOffset.UTC);
        final UsageLedger ledger = UsageLedger.open(directory, UsageSettings.standard(), clock);
        final UsageMeter meter = ledger.newRecorder().open(new Licence("Müller, \"A\"", "level1", true), device,
            clock.millis());
        meter.onDelivered(updates);
        meter.close(clock.millis() + 500);
        ledger.start();
        assertThat(ledger.close(10_000)).isTrue();
        return directory;
    }

    @Test
    void shouldRefuseWhatItCannotReport() {
        assertThat(report("2026-10", "user", "accessed")).isEqualTo(1);
        assertThat(err).contains("usage-2026-10.jsonl: no such file");
        assertThat(report("2026-13", "user", "accessed")).isEqualTo(2);
        assertThat(err).contains("--month must be a month like 2026-11, got 2026-13");
        assertThat(report("2026-11", "desk", "accessed")).isEqualTo(2);
        assertThat(err).contains("--unit must be user or device, got desk", "see relay usage report --help");
        assertThat(report("2026-11", "user", "all")).isEqualTo(2);
        assertThat(err).contains("--basis must be enabled or accessed, got all");
        assertThat(run("usage", "report", folder.toString())).isEqualTo(2);
        assertThat(run("usage")).isEqualTo(2);
        assertThat(err).contains("give a command: relay usage verify, relay usage report", "see relay usage --help");
    }

    @Test
    void shouldNameADirectoryWithoutALedger() throws IOException {
        final String none = folder.resolve("none").toString();
        assertThat(run("usage", "verify", none)).isEqualTo(1);
        assertThat(err).contains(none + ": no such directory");
        assertThat(run("usage", "verify", Files.createDirectory(Path.of(none)).toString())).isEqualTo(1);
        assertThat(err).contains(none + ": there is no usage ledger here");
    }

    @Test
    void shouldExplainItself() {
        assertThat(run("help", "usage", "verify")).isZero();
        assertThat(out).contains("Usage: relay usage verify", "--expect");
        assertThat(run("help", "usage")).isZero();
        assertThat(out).contains("verify", "report");
    }

    private int verify(final String... options) {
        return run(joined(List.of("usage", "verify", folder.toString()), options));
    }

    private int report(final String month, final String unit, final String basis, final String... options) {
        return run(joined(List.of("usage", "report", folder.toString(), "--month", month, "--unit", unit, "--basis",
            basis), options));
    }

    private static String[] joined(final List<String> command, final String... options) {
        final List<String> all = new ArrayList<>(command);
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }

    private int run(final String... args) {
        final CommandRun run = CommandRun.of(args);
        out = run.out();
        err = run.err();
        return run.code();
    }
}
