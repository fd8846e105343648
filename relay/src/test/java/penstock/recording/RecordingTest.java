package penstock.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static penstock.recording.RecordingTexts.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Seeds;

class RecordingTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    @Test
    void shouldReadMessagesAndTimes() {
        write(folder.resolve("a.rx"), "100\n250\n");
        try (Recording recording = RecordingOpener.open(write(folder.resolve("a.jsonl"), "{\"n\":1}\n{\"n\":2}\n"))) {
            assertThat(recording.isTimed()).isTrue();
            assertThat(recording.next()).isTrue();
            assertThat(text(recording)).isEqualTo("{\"n\":1}");
            assertThat(recording.receivedNs()).isEqualTo(100);
            assertThat(recording.next()).isTrue();
            assertThat(text(recording)).isEqualTo("{\"n\":2}");
            assertThat(recording.receivedNs()).isEqualTo(250);
            assertThat(recording.number()).isEqualTo(2);
            assertThat(recording.next()).isFalse();
            assertThat(recording.next()).isFalse();
        }
    }

    @Test
    void shouldReadGzipAndRewind() {
        write(folder.resolve("a.rx.gz"), "1\n2\n");
        try (Recording recording = RecordingOpener.open(write(folder.resolve("a.jsonl.gz"), "x\ny"))) {
            for (int round = 0; round < 3; round++) {
                assertThat(all(recording)).containsExactly("x", "y");
                assertThat(recording.receivedNs()).isEqualTo(2);
                recording.rewind();
            }
        }
    }

    @Test
    void shouldKeepLinesOfAnyLengthByteForByte() {
        final Random random = seeds.random();
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            final char[] line = new char[i % 50 == 7 ? 200_000 : random.nextInt(2_000)];
            Arrays.fill(line, i % 3 == 0 ? 'é' : (char) ('a' + random.nextInt(26)));
            lines.add(new String(line));
        }
        try (Recording recording = RecordingOpener.open(
                write(folder.resolve("a.jsonl"), String.join("\n", lines) + "\n"))) {
            assertThat(recording.isTimed()).isFalse();
            assertThat(all(recording)).isEqualTo(lines);
        }
    }

    @Test
    void shouldNameFileAndLineOfABadTime() {
        write(folder.resolve("a.rx"), "100\n2x0\n");
        try (Recording recording = RecordingOpener.open(write(folder.resolve("a.jsonl"), "x\ny\n"))) {
            recording.next();
            assertThatThrownBy(recording::next).isInstanceOf(RecordingException.class)
                .hasMessageContaining("a.rx:2").hasMessageContaining("'2x0'");
        }
    }

    @Test
    void shouldNameFileAndLineWhenTimesAreTooFewOrTooMany() {
        write(folder.resolve("a.rx"), "100\n");
        try (Recording recording = RecordingOpener.open(write(folder.resolve("a.jsonl"), "x\ny\n"))) {
            recording.next();
            assertThatThrownBy(recording::next).isInstanceOf(RecordingException.class).hasMessageContaining("a.rx:2");
        }
        write(folder.resolve("b.rx"), "100\n200\n300\n");
        try (Recording recording = RecordingOpener.open(write(folder.resolve("b.jsonl"), "x\ny\n"))) {
            recording.next();
            recording.next();
            assertThatThrownBy(recording::next).isInstanceOf(RecordingException.class).hasMessageContaining("b.rx:3");
        }
    }

    @Test
    void shouldNameTheFileThatIsNotGzipOrTruncated() throws Exception {
        final Path wrong = Files.writeString(folder.resolve("a.jsonl.gz"), "plain text");
        assertThatThrownBy(() -> RecordingOpener.open(wrong)).isInstanceOf(RecordingException.class)
            .hasMessageContaining("a.jsonl.gz");
        final byte[] whole = Files.readAllBytes(write(folder.resolve("b.jsonl.gz"), "some lines\n".repeat(9)));
        Files.write(folder.resolve("b.jsonl.gz"), Arrays.copyOf(whole, whole.length - 10));
        try (Recording recording = RecordingOpener.open(folder.resolve("b.jsonl.gz"))) {
            assertThatThrownBy(() -> all(recording)).isInstanceOf(RecordingException.class)
                .hasMessageContaining("b.jsonl.gz:");
        }
    }

    @Test
    void shouldRejectInvalidUtf8() throws Exception {
        final Path file =
            Files.write(folder.resolve("a.jsonl"), new byte[] {'o', 'k', '\n', '"', (byte) 0xc3, '"', '\n'});
        try (Recording recording = RecordingOpener.open(file)) {
            recording.next();
            assertThatThrownBy(recording::next).isInstanceOf(RecordingException.class)
                .hasMessageContaining("a.jsonl:2").hasMessageContaining("UTF-8");
        }
    }

    @Test
    void shouldRejectOtherNamesAndMissingFiles() {
        assertThatThrownBy(() -> RecordingOpener.open(folder.resolve("a.csv"))).hasMessageContaining("NAME.jsonl");
        assertThatThrownBy(() -> RecordingOpener.open(folder.resolve("none.jsonl")))
            .hasMessageContaining("no such file");
    }

    static List<String> all(final Recording recording) {
        final List<String> lines = new ArrayList<>();
        while (recording.next()) {
            lines.add(text(recording));
        }
        return lines;
    }

    private static String text(final Recording recording) {
        return new String(recording.buffer(), recording.offset(), recording.length(), StandardCharsets.UTF_8);
    }
}
