package penstock.bench.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The figures of the page for quotes that anybody can make again: three random walks, the same each time. */
class BandwidthTableTest {
    private static final List<String> SYMBOLS = List.of("EURUSD", "GBPUSD", "XAUUSD");
    private static final List<String> FIELDS = List.of("bid", "ask");
    private static final int UPDATES = 2_000;
    private static final int MEAN_MS = 125;
    private static final long BEGIN_MS = 1_795_000_000_000L;
    private static final int SEED = 1;

    private final List<byte[]> frames = new ArrayList<>();
    private final long[] times = new long[UPDATES];

    BandwidthTableTest() {
        final Random random = new Random(SEED);
        final int[] points = {110_342, 127_115, 130_858};
        long atMs = BEGIN_MS;
        for (int i = 0; i < UPDATES; i++) {
            final int symbol = random.nextInt(SYMBOLS.size());
            points[symbol] += random.nextInt(7) - 3;
            atMs += random.nextInt(2 * MEAN_MS);
            times[i] = atMs * 1_000_000;
            frames.add(String.format(Locale.ROOT,
                "{\"symbol\":\"%s\",\"ts\":\"%d\",\"bid\":%.5f,\"ask\":%.5f,\"mid\":%.6f}", SYMBOLS.get(symbol), atMs,
                points[symbol] / 1e5, (points[symbol] + 3) / 1e5, (points[symbol] * 2 + 3) / 2e5)
                .getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void shouldBeWhatThePageSays() throws IOException {
        final Map<String, double[]> measured =
            BandwidthTable.measure("tradermade-v1", "quote", FIELDS, frames, times, false);

        final List<String> lines = new ArrayList<>();
        measured.forEach((name, bytes) -> lines.add(BandwidthTable.line(name, bytes)));
        assertThat(Files.readString(Path.of("README.md"))).contains(String.join("\n", lines));
        measured.forEach((name, bytes) -> {
            for (int i = 0; i < bytes.length && !name.endsWith(", rows"); i++) {
                assertThat(measured.get(name + ", rows")[i] / bytes[i]).as("0.4 to 0.6, %s", name)
                    .isBetween(0.35, 0.65);
            }
        });
    }
}
