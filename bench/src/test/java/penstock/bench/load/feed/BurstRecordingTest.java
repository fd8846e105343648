package penstock.bench.load.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A burst of many symbols is made of few recorded ones. */
class BurstRecordingTest {
    @TempDir
    private Path folder;

    @Test
    void shouldPlayTheRecordedSymbolsUnderOtherNames() throws IOException {
        final Path recording =
            Files.writeString(folder.resolve("recording.jsonl"), ticker("aaabbb", 7) + "{\"stream\":\"aaabbb@depth\"}\n"
            + ticker("cccddd", 48) + ticker("aaabbb", 9));
        final BurstRecording burst = BurstRecording.write(recording, folder.resolve("burst.jsonl"), 3, 1);
        assertThat(burst.messages()).isEqualTo(5);
        assertThat(new long[] {burst.newest(0), burst.newest(1), burst.newest(2)}).containsExactly(9, 48, 9);
        assertThat(Files.readString(burst.file()))
            .isEqualTo(ticker("pair000", 7) + ticker("pair002", 7) + ticker("pair001", 48)
            + ticker("pair000", 9) + ticker("pair002", 9));
    }

    @Test
    void shouldPlayItAgainWithIncreasingNumbers() throws IOException {
        final Path recording =
            Files.writeString(folder.resolve("recording.jsonl"), ticker("aaabbb", 7) + ticker("cccddd", 48)
            + ticker("aaabbb", 9));
        final BurstRecording burst = BurstRecording.write(recording, folder.resolve("burst.jsonl"), 0, 2);
        assertThat(burst.names()).isEqualTo(2);
        assertThat(new long[] {burst.newest(0), burst.newest(1)}).containsExactly(12, 49);
        assertThat(Files.readString(burst.file())).isEqualTo(ticker("pair000", 7) + ticker("pair001", 48)
            + ticker("pair000", 9) + ticker("pair000", 10) + ticker("pair001", 49) + ticker("pair000", 12));
    }

    @Test
    void shouldRefuseARecordingWithoutTickers() throws IOException {
        final Path recording = Files.writeString(folder.resolve("recording.jsonl"), "{\"stream\":\"aaabbb@depth\"}\n");
        assertThatThrownBy(() -> BurstRecording.write(recording, folder.resolve("burst.jsonl"), 3, 1))
            .hasMessageContaining("--recording");
    }

    private static String ticker(final String symbol, final int number) {
        return "{\"stream\":\"" + symbol + "@bookTicker\",\"data\":{\"u\":" + number + ",\"s\":\""
            + symbol.toUpperCase(Locale.ROOT)
            + "\",\"b\":\"1\",\"B\":\"2\"}}\n";
    }
}
