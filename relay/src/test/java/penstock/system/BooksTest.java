package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;

/** Order books through the whole relay: a client that only applies net changes ends with the venue's book. */
class BooksTest {
    private static final Pattern SIDES = Pattern.compile("\\{\"bids\":\\[(.*)],\"asks\":\\[(.*)]}");
    private static final Pattern LEVEL = Pattern.compile("\\[([0-9.]+),([0-9.]+)]");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final Random random = seeds.random();
    private final Map<BigDecimal, String> bids = new TreeMap<>();
    private final Map<BigDecimal, String> asks = new TreeMap<>();

    @TempDir
    private Path folder;

    @Test
    void shouldGiveEverySubscriberTheVenuesBookAtItsPace() throws Exception {
        final Path recording = Files.write(folder.resolve("books.jsonl"), frames());
        final int port = RelayRig.freePort();
        try (RelayRig rig = new RelayRig("kraken-v2", "ws://127.0.0.1:" + port + "/v2", "feed.symbols=[\"BTC/USD\"]")) {
            final List<Subscriber> all = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                all.add(rig.fleet.open("/v1/ws?channel=book&symbols=*&interval=" + i % 3 * 50, 0));
            }
            await("sessions").until(() -> all.stream().allMatch(subscriber -> subscriber.isSnapshotDone));
            try (ReplayServer replay =
                    ReplayServer.start(ReplayServer.Options.of(recording).venue(VenueFileScript.load("kraken-v2"))
                    .port(port).speed(ReplaySpeed.RECORDED))) {
                await("the end").until(replay::isFinished);
                await("books").until(() -> all.stream().allMatch(this::holdsTheBook));
                all.add(rig.fleet.open("/v1/ws?channel=book&symbols=BTC/USD", 0));
                await("the book of a late joiner").until(() -> holdsTheBook(all.get(12)));
            }
            assertThat(all.get(2).conflated).as("something was conflated").isPositive();
        }
    }

    @Test
    void shouldReportABookThatDoesNotMatchItsChecksum() throws Exception {
        final String wrong = frame("snapshot", 20).replace("\"timestamp\"", "\"checksum\":1,\"timestamp\"");
        final Path recording = Files.write(folder.resolve("wrong.jsonl"), List.of(frame("snapshot", 20), wrong));
        final int port = RelayRig.freePort();
        try (RelayRig rig = new RelayRig("kraken-v2", "ws://127.0.0.1:" + port + "/v2", "feed.symbols=[\"BTC/USD\"]")) {
            final Subscriber subscriber = rig.fleet.open("/v1/ws?channel=book&symbols=*&interval=0", 0);
            // the connection ends with the gap, and the next one has another reason
            await("the session").until(() -> subscriber.isSnapshotDone);
            try (ReplayServer replay = ReplayServer.start(
                    ReplayServer.Options.of(recording).venue(VenueFileScript.load("kraken-v2")).port(port))) {
                await("the loss").until(() -> rig.relay.telemetry().sum(Counter.FEED_CHECKSUMS_WRONG) == 1);
                await("word of it")
                    .until(() -> subscriber.controls.stream().anyMatch(text -> text.contains("upstream_gap")));
                assertThat(replay.sentCount()).isPositive();
            }
        }
    }

    private boolean holdsTheBook(final Subscriber subscriber) {
        final Map<BigDecimal, String> heldBids = new TreeMap<>();
        final Map<BigDecimal, String> heldAsks = new TreeMap<>();
        for (final String change : subscriber.changes) {
            if (change.startsWith("image")) {
                heldBids.clear();
                heldAsks.clear();
            }
            final Matcher sides = SIDES.matcher(change);
            assertThat(sides.find()).as(change).isTrue();
            apply(sides.group(1), heldBids);
            apply(sides.group(2), heldAsks);
        }
        return heldBids.equals(bids) && heldAsks.equals(asks);
    }

    private static void apply(final String levels, final Map<BigDecimal, String> side) {
        final Matcher level = LEVEL.matcher(levels);
        while (level.find()) {
            if (new BigDecimal(level.group(2)).signum() == 0) {
                side.remove(new BigDecimal(level.group(1)));
            } else {
                side.put(new BigDecimal(level.group(1)), level.group(2));
            }
        }
    }

    /** A snapshot, then 1,500 updates of a few levels each: 1.5 s at the pace of a recording without times. */
    private List<String> frames() {
        final List<String> frames = new ArrayList<>();
        frames.add(frame("snapshot", 20));
        for (int i = 0; i < 1_500; i++) {
            frames.add(frame("update", 1 + random.nextInt(3)));
        }
        return frames;
    }

    private String frame(final String type, final int levels) {
        final String newBids = levels(bids, levels, 0, type.equals("update"));
        final String newAsks = levels(asks, levels, 5, type.equals("update"));
        return "{\"channel\":\"book\",\"type\":\"" + type + "\",\"data\":[{\"symbol\":\"BTC/USD\",\"bids\":[" + newBids
            + "],\"asks\":["
            + newAsks + "],\"timestamp\":\"2026-11-21T00:00:00.000001Z\"}]}";
    }

    /** Prices on a grid of twenty, so that the book never grows over the depth at which the venue cuts it. */
    private String levels(final Map<BigDecimal, String> side, final int count, final int from,
            final boolean mayRemove) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            final BigDecimal price =
                new BigDecimal("6300" + (from + random.nextInt(2)) % 10 + "." + random.nextInt(10));
            final String size = mayRemove && random.nextInt(4) == 0 ? "0.00000000" : "0.0" + (1 + random.nextInt(9))
                + "10";
            if (size.equals("0.00000000")) {
                side.remove(price);
            } else {
                side.put(price, size);
            }
            text.append(i == 0 ? "" : ",").append("{\"price\":").append(price).append(",\"qty\":").append(size)
                .append('}');
        }
        return text.toString();
    }
}
