package penstock.usage.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chain of hashes finds, and what only an anchor finds. */
class ChainTest {
    private static final long NOW_MS = Instant.parse("2026-11-30T23:59:00Z").toEpochMilli();
    private static final List<YearMonth> MONTHS = List.of(YearMonth.of(2026, 11), YearMonth.of(2026, 12));

    @TempDir
    private Path folder;
    private String last = Chain.START;

    @BeforeEach
    void twoMonths() throws IOException {
        for (final YearMonth month : MONTHS) {
            final LedgerLines lines = new LedgerLines(last);
            lines.add(new RecordText("begin", NOW_MS).number("format", 1).text("month", month.toString())
                .text("previous", last).number("entitled", 0));
            for (int i = 0; i < 2; i++) {
                lines.add(new RecordText("denied", NOW_MS).text("what", "\"ü\\\n" + (char) 0xd800).number("count", i));
            }
            Files.write(file(month), lines.toBytes());
            last = lines.lastHash();
        }
    }

    @Test
    void shouldHoldAsItWasWritten() throws IOException {
        final LedgerCheck check = check();
        assertThat(check.firstBreak()).isNull();
        assertThat(check.lines()).isEqualTo(6);
        assertThat(check.files()).isEqualTo(2);
        assertThat(check.lastHash()).isEqualTo(last);
    }

    /** As the page says it, in a few lines that share nothing with the code. */
    @Test
    void shouldFollowTheFormulaOfThePage() throws Exception {
        String previous = "0".repeat(64);
        for (final YearMonth month : MONTHS) {
            for (final String line : Files.readAllLines(file(month))) {
                final int at = line.lastIndexOf(",\"hash\":\"");
                previous = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(
                    (previous + line.substring(0, at)).getBytes(StandardCharsets.UTF_8)));
                assertThat(line.substring(at)).isEqualTo(",\"hash\":\"" + previous + "\"}");
            }
        }
    }

    @Test
    void shouldFindEveryChangedByte() throws IOException {
        for (final YearMonth month : MONTHS) {
            final byte[] bytes = Files.readAllBytes(file(month));
            try (FileChannel file = FileChannel.open(file(month), StandardOpenOption.WRITE)) {
                for (int i = 0; i < bytes.length; i++) {
                    final long line = line(bytes, i);
                    for (final int flip : new int[] {1, 2, 4, 8, 16, 32, 64, 128, bytes[i] ^ '\n'}) {
                        if (flip != 0) {
                            file.write(ByteBuffer.wrap(new byte[] {(byte) (bytes[i] ^ flip)}), i);
                            final ChainBreak found = check().firstBreak();
                            assertThat(found != null && found.file().equals(file(month)) && found.line() == line)
                                .as("%s, byte %s, flipped %s: %s", month, i, flip, found).isTrue();
                        }
                    }
                    file.write(ByteBuffer.wrap(bytes, i, 1), i);
                }
            }
        }
        assertThat(check().firstBreak()).isNull();
    }

    @Test
    void shouldFindEveryRemovedInsertedOrMovedLine() throws IOException {
        for (final YearMonth month : MONTHS) {
            final List<String> lines = Files.readAllLines(file(month));
            final boolean isLastFile = month.equals(MONTHS.get(1));
            for (int i = 0; i < lines.size(); i++) {
                final List<String> removed = new ArrayList<>(lines);
                removed.remove(i);
                final boolean isEnd = isLastFile && i == lines.size() - 1;
                expectBreak(month, removed, !isEnd);
                for (int j = 0; j < lines.size(); j++) {
                    final List<String> inserted = new ArrayList<>(lines);
                    inserted.add(j, lines.get(i));
                    expectBreak(month, inserted, true);
                    final List<String> swapped = new ArrayList<>(lines);
                    Collections.swap(swapped, i, j);
                    expectBreak(month, swapped, i != j);
                }
                final List<String> empty = new ArrayList<>(lines);
                empty.add(i, "");
                expectBreak(month, empty, true);
            }
            Files.write(file(month), lines);
        }
    }

    @Test
    void shouldFindWhatIsMissingAtTheEndOnlyByAnAnchor() throws IOException {
        final byte[] bytes = Files.readAllBytes(file(MONTHS.get(1)));
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file(MONTHS.get(1)), Arrays.copyOf(bytes, length));
            final boolean isBetweenLines = length == 0 || bytes[length - 1] == '\n';
            assertThat(check().firstBreak() == null).as("the first %s bytes", length).isEqualTo(isBetweenLines);
            assertThat(LedgerCheck.of(folder, Chain.START, last).anchor()).isNull();
        }
        Files.delete(file(MONTHS.get(1)));
        assertThat(check().firstBreak()).isNull();
        assertThat(LedgerCheck.of(folder, Chain.START, last).anchor()).isNull();
    }

    @Test
    void shouldFindAnAnchorInAnyLine() throws IOException {
        final String second = Files.readAllLines(file(MONTHS.get(0))).get(1);
        final String hash = second.substring(second.length() - 66, second.length() - 2);
        assertThat(LedgerCheck.of(folder, Chain.START, hash).anchor()).isEqualTo(file(MONTHS.get(0)) + ":2");
    }

    @Test
    void shouldFindAMissingAnEmptiedAndARenamedFile() throws IOException {
        final Path first = file(MONTHS.get(0));
        final byte[] bytes = Files.readAllBytes(first);
        Files.write(first, new byte[0]);
        assertThat(check().firstBreak().toString()).contains("usage-2026-12.jsonl:1: ", "no line before it");
        Files.delete(first);
        assertThat(check().firstBreak().toString()).contains("usage-2026-12.jsonl:1: ", "archived", "--after");
        Files.write(file(YearMonth.of(2026, 10)), bytes);
        assertThat(check().firstBreak().toString()).contains("usage-2026-10.jsonl:1: ", "renamed");
    }

    @Test
    void shouldHoldBehindArchivedFiles() throws IOException {
        final String line = Files.readAllLines(file(MONTHS.get(0))).get(2);
        Files.delete(file(MONTHS.get(0)));
        final String after = line.substring(line.length() - 66, line.length() - 2);
        assertThat(LedgerCheck.of(folder, after, null).firstBreak()).isNull();
        assertThat(LedgerCheck.of(folder, last, null).firstBreak()).isNotNull();
    }

    @Test
    void shouldNameFilesThatAreNoLedger() throws IOException {
        for (final String text : List.of("\n", "{}\n", "hello\n", "{\"type\":\"begin\"}\n", "x".repeat(70_000) + "\n")) {
            Files.writeString(file(MONTHS.get(0)), text);
            assertThat(check().firstBreak()).hasToString(
                file(MONTHS.get(0)) + ":1: this is not a line of a usage ledger");
        }
        Files.write(file(MONTHS.get(0)),
            new LedgerLines(Chain.START).add(new RecordText("denied", NOW_MS)).toBytes());
        assertThat(check().firstBreak().what()).contains("type begin");
        assertThatThrownBy(() -> LedgerCheck.of(folder.resolve("none"), Chain.START, null))
            .hasMessageContaining("none: no such directory");
    }

    private void expectBreak(final YearMonth month, final List<String> lines, final boolean isBroken)
            throws IOException {
        final byte[] before = Files.readAllBytes(file(month));
        Files.write(file(month), lines);
        assertThat(check().firstBreak() != null).as("%s: %s", month, lines).isEqualTo(isBroken);
        Files.write(file(month), before);
    }

    private LedgerCheck check() throws IOException {
        return LedgerCheck.of(folder, Chain.START, null);
    }

    private Path file(final YearMonth month) {
        return LedgerFiles.of(folder, month);
    }

    private static long line(final byte[] bytes, final int at) {
        long line = 1;
        for (int i = 0; i < at; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
