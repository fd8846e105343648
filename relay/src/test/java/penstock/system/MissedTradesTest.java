package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.testkit.Seeds;

/** The venue itself leaves trades out: a client of every trade gets a gap with the exact number, at the right place. */
class MissedTradesTest {
    private static final int COUNT = 3_000;
    private static final Pattern MISSED = Pattern.compile("^\\{\"type\":\"gap\".*\"missed\":(\\d+)");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @TempDir
    private Path folder;

    @Test
    void shouldReportEachGapWithItsCount() throws IOException {
        final Random random = seeds.random();
        final List<String> frames = new ArrayList<>();
        final List<Long> gaps = new ArrayList<>();
        long missing = 0;
        for (int i = 1; i <= COUNT; i++) {
            if (i > 1 && i < COUNT && random.nextInt(100) < (missing > 0 ? 60 : 2)) {
                missing++;
                continue;
            }
            if (missing > 0) {
                gaps.add(missing);
                missing = 0;
            }
            frames.add(("{'stream':'btcusdt@trade','data':{'e':'trade','E':" + i + ",'s':'BTCUSDT','t':" + i
                + ",'p':'1.10','q':'1','T':1}}").replace('\'', '"'));
            // another topic in between misses nothing
            frames.add(("{'stream':'ethusdt@trade','data':{'e':'trade','E':" + i + ",'s':'ETHUSDT','t':"
                + (frames.size() / 2)
                + ",'p':'1.10','q':'1','T':1}}").replace('\'', '"'));
        }
        assertThat(gaps).hasSizeGreaterThan(10).anyMatch(gap -> gap > 1);
        final long missed = gaps.stream().mapToLong(Long::longValue).sum();
        final Path recording = Files.write(folder.resolve("spot.jsonl"), frames);
        final int port = RelayRig.freePort();
        try (RelayRig rig =
                new RelayRig("binance", "ws://127.0.0.1:" + port + "/stream", "ring.slots=16384", "ring.bytes=16MiB")) {
            final Subscriber all = rig.fleet.open("/v1/ws?channel=trade&symbols=*", 0);
            final Subscriber other = rig.fleet.open("/v1/ws?channel=trade&symbols=ETHUSDT", 0);
            await("both").until(() -> all.isSnapshotDone && other.isSnapshotDone);
            try (ReplayServer replay =
                    ReplayServer.start(ReplayServer.Options.of(recording).venue(VenueFileScript.load("binance"))
                    .port(port).speed(ReplaySpeed.MAX))) {
                await("the end").until(replay::isFinished);
                await("all").untilAsserted(() -> {
                    assertThat(all.updates).isEqualTo(frames.size());
                    assertThat(other.updates).isEqualTo(frames.size() / 2);
                });
                assertThat(reported(all)).isEqualTo(gaps);
                assertThat(reported(other)).isEmpty();
                assertThat(all.seen.get("BTCUSDT").q()).isEqualTo(COUNT);
                assertThat(missed).isEqualTo(COUNT - frames.size() / 2);
                assertThat(all.conflated + other.conflated).isZero();
                assertThat(all.breaches).as("each gap counts what the sequence jumps").isEmpty();
            }
        }
    }

    private static List<Long> reported(final Subscriber subscriber) {
        final List<Long> reported = new ArrayList<>();
        for (final String text : subscriber.controls) {
            final Matcher gap = MISSED.matcher(text);
            if (gap.find()) {
                reported.add(Long.parseLong(gap.group(1)));
            }
        }
        return reported;
    }
}
