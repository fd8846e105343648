package penstock.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressLineTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    private long nowNs = 7;
    @TempDir
    private Path folder;

    @Test
    void shouldRewriteOneLineAndTakeItAway() {
        try (ProgressLine line = new ProgressLine(out, "checking", 1_000, () -> nowNs)) {
            line.at(1, 1, "messages");
            nowNs += 2 * SECOND_NS;
            line.at(250, 5_000, "messages");
            nowNs += SECOND_NS / 5;
            line.at(251, 5_001, "messages");
            nowNs += 198 * SECOND_NS;
            line.at(500, 10_000, "messages");
        }
        assertThat(text()).isEqualTo("\r\u001b[Kchecking: 25 %, 5,000 messages, 2,500/s, 6 s left"
            + "\r\u001b[Kchecking: 50 %, 10,000 messages, 50/s, 3 min 20 s left\r\u001b[K");
    }

    @Test
    void shouldSayWhatIsDoneNowWhereTheTotalIsTime() {
        try (ProgressLine line = new ProgressLine(out, "release", 8_000, () -> nowNs)) {
            nowNs += SECOND_NS;
            line.at(800, "step 2 of 9");
        }
        assertThat(text()).isEqualTo("\r\u001b[Krelease: 10 %, step 2 of 9, 2 h 0 min left\r\u001b[K");
    }

    @Test
    void shouldSayNoPercentOfWhatItDoesNotKnow() {
        try (ProgressLine line = new ProgressLine(out, "replay", ProgressLine.UNKNOWN, () -> nowNs)) {
            nowNs += SECOND_NS;
            line.at(250, 70, "messages");
        }
        assertThat(text()).isEqualTo("\r\u001b[Kreplay: 70 messages, 70/s\r\u001b[K");
    }

    @Test
    void shouldWriteNothingOfWorkThatIsDoneAtOnceOrWithoutATerminal() {
        try (ProgressLine line = new ProgressLine(out, "checking", 1_000, () -> nowNs)) {
            line.at(1_000, 10, "messages");
        }
        try (ProgressLine line = new ProgressLine(null, "checking", 1_000, () -> nowNs)) {
            nowNs += SECOND_NS;
            line.at(500, 10, "messages");
        }
        assertThat(text()).isEmpty();
    }

    @Test
    void shouldKnowHowMuchAFileHolds() throws IOException {
        final byte[] text = "some text, again and again\n".repeat(1_000).getBytes(StandardCharsets.UTF_8);
        final Path plain = Files.write(folder.resolve("a.jsonl"), text);
        final Path zipped = folder.resolve("a.jsonl.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            gzip.write(text);
        }
        assertThat(ProgressLine.bytesOf(plain)).isEqualTo(text.length);
        assertThat(ProgressLine.bytesOf(zipped)).isEqualTo(text.length);
        assertThat(ProgressLine.bytesOf(folder.resolve("none"))).isEqualTo(ProgressLine.UNKNOWN);
        assertThat(ProgressLine.bytesOf(Files.write(folder.resolve("b.gz"), new byte[2])))
            .isEqualTo(ProgressLine.UNKNOWN);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
