package penstock.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplaySpeed;
import penstock.testkit.Seeds;

/** The main job on a small sample made here: two seconds of twelve symbols, with numbers that no double survives. */
@Tag("slow")
class ReplayedSampleTest {
    private static final String[] SYMBOLS =
        {"BTCUSDT", "ETHUSDT", "BNBUSDT", "XRPUSDT", "ADAUSDT", "SOLUSDT", "BTCEUR", "ETHEUR",
        "DOGEUSDT", "LTCUSDT", "LINKBTC", "1000SHIBUSDT"};
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @TempDir
    private Path folder;

    @Test
    void shouldBringEverySessionToTheLastValueAtRecordedPace() throws Exception {
        final List<byte[]> frames = binance();
        new ReplayedFeed("binance", write(frames), ExpectedValues.binance(frames))
            .run(ReplaySpeed.RECORDED, STALL, LIMIT);
    }

    @Test
    void shouldBringEverySessionToTheLastValueAtFullSpeed() throws Exception {
        final List<byte[]> frames = binance();
        new ReplayedFeed("binance", write(frames), ExpectedValues.binance(frames)).run(ReplaySpeed.MAX, STALL, LIMIT);
    }

    @Test
    void shouldLogInAfterTheGreetingAndForwardFlatQuotes() throws Exception {
        final List<byte[]> frames = new ArrayList<>();
        final Random random = seeds.random();
        for (int i = 0; i < 3000; i++) {
            frames.add(("{\"symbol\":\"" + SYMBOLS[random.nextInt(4)] + "\",\"ts\":\"" + (1_399_464_000_000L + i)
                + "\",\"bid\":1308."
                + random.nextInt(1000) + "0,\"ask\":1.30" + i + "E+3,\"mid\":113.787506}")
                .getBytes(StandardCharsets.UTF_8));
        }
        new ReplayedFeed("tradermade-v1", write(frames), ExpectedValues.flat(frames))
            .run(ReplaySpeed.MAX, STALL, LIMIT);
    }

    private List<byte[]> binance() {
        final Random random = seeds.random();
        final List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            final String symbol = SYMBOLS[(int) (SYMBOLS.length * Math.pow(random.nextDouble(), 2))];
            final String stream = symbol.toLowerCase(java.util.Locale.ROOT);
            final String frame = random.nextInt(5) == 0
                ? "{\"stream\":\"" + stream + "@trade\",\"data\":{\"e\":\"trade\",\"E\":1,\"s\":\"" + symbol
                + "\",\"t\":" + i + "}}"
                : "{\"stream\":\"" + stream + "@bookTicker\",\"data\":{\"u\":400900217000000000000000" + i
                + ",\"s\":\"" + symbol
                    + "\",\"b\":\"" + random.nextInt(70_000)
                    + ".10000000\",\"B\":\"31.2100\",\"a\":1.50E-7,\"A\":40.6600000" + i + "}}";
            frames.add(frame.getBytes(StandardCharsets.UTF_8));
        }
        return frames;
    }

    private Path write(final List<byte[]> frames) throws IOException {
        final Path file = folder.resolve("sample.jsonl");
        Files.write(file, frames.stream().map(frame -> new String(frame, StandardCharsets.UTF_8)).toList());
        final Random random = seeds.random();
        final long[] ns = {1_700_000_000_000_000_000L};
        Files.write(folder.resolve("sample.rx"), frames.stream()
            .map(frame -> Long.toString(ns[0] += random.nextInt(10) == 0 ? 4_000_000 : 100_000))
            .collect(Collectors.toList()));
        return file;
    }
}
