package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import penstock.config.VenueSettings;
import penstock.config.relay.FeedConfig;
import penstock.testkit.ManualClock;
import penstock.testkit.RecordedLog;
import penstock.testkit.VenueSpelling;
import penstock.text.Address;
import penstock.upstream.SnapshotFetch;
import penstock.venue.RecordedRing;

/** A relay has several feeds: what the log says of books and requests names the feed. */
class FeedNameInLogTest {
    private static final String CHANGE = "{\"stream\":\"btcusdt@depth\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"BTCUSDT\","
        + "\"U\":11,\"u\":12,\"b\":[[\"9\",\"1\"]],\"a\":[]}}";

    private final ManualClock clock = new ManualClock();
    private final FakeUpstreams upstreams = new FakeUpstreams(clock);
    private final RecordedRing ring = new RecordedRing(1024);

    @Test
    void shouldNameTheFeedWhoseBooksCannotBeFetched() {
        upstreams.fetch = (request, answer) -> {
            answer.accept(new SnapshotFetch.Fetched(503, -1, "busy".getBytes(StandardCharsets.UTF_8), null));
            return () -> { };
        };
        try (RecordedLog log = new RecordedLog("penstock.feed")) {
            start("binance");
            for (int i = 0; i < 120; i++) {
                upstreams.last().text(CHANGE);
                clock.advance(1_000);
            }
            assertThat(lines(log, "no order book")).isNotEmpty()
                .allMatch(line -> line.startsWith("WARN feed second: no order book of BTCUSDT: HTTP status 503"));
        }
    }

    @Test
    void shouldNameTheFeedWhoseRequestsAreRejectedOrNotAnswered() {
        try (RecordedLog log = new RecordedLog("penstock.feed")) {
            start("okx");
            clock.advance(10_001);
            upstreams.last().text("{\"event\":\"error\",\"id\":\"9\",\"code\":\"60018\",\"msg\":\"x\"}");
            assertThat(lines(log, "acknowledged")).isNotEmpty()
                .allMatch(line -> line.startsWith("WARN feed second: request"));
            assertThat(lines(log, "without naming it")).isNotEmpty()
                .allMatch(line -> line.startsWith("WARN feed second: venue rejected"));
        }
    }

    @Test
    void shouldNameTheFeedWhoseFramesCannotBeRead() {
        start("binance");
        // shorter than it says: nothing can read it, the log neither
        catchThrowable(() -> upstreams.last().listener.onText(new byte[2], 0, 5, clock.nowNs()));
        assertThat(ring.telemetry.errors().entries()).singleElement()
            .satisfies(entry -> assertThat(entry.text()).startsWith("feed second: reading a frame: java.lang."));
    }

    private static List<String> lines(final RecordedLog log, final String what) {
        return log.lines().stream().filter(line -> line.contains(what)).toList();
    }

    private void start(final String name) {
        final FeedPlan plan = FeedPlan.of(new FeedPlace("second", 0, 0), VenueSpelling.load(name, variable -> null),
            new FeedConfig(new FeedConfig.Identity("test", name), List.of(new Address("ws://one.invalid/")),
                new FeedConfig.Topics(List.of("book"), List.of("BTCUSDT")), new FeedConfig.Access(Map.of(), null), null,
                false, VenueSettings.DEFAULT));
        FeedProxy.of(plan, upstreams, clock, new SplittableRandom(1), ring.publisher, ring.telemetry, fatal -> { })
            .start();
        upstreams.last().open();
    }
}
