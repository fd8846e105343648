package penstock.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the rig counts and times of the relay's messages, and that it would see a loss. */
class EntryScanTest {
    private static final long NOW_NS = 5_000;

    private final EntryScan scan = new EntryScan();
    private final LatencyWindow window = new LatencyWindow();
    private final SubscriptionStats quotes = SubscriptionStats.quotes(250, window);
    private final SubscriptionStats[] streams = {SubscriptionStats.trades(null), quotes};

    @Test
    void shouldCountAndTimeTheUpdatesOfAMessage() {
        window.open(0, NOW_NS);
        image("{\"s\":\"FX0003\",\"q\":7,\"v\":{\"e\":0,\"ns\":1000,\"n\":1}}");
        assertThat(quotes.isSnapshotDone).isTrue();
        update("{\"s\":\"FX0003\",\"q\":8,\"v\":{\"ns\":2000,\"n\":1}},{\"s\":\"FX0004\",\"q\":1,\"t\":12,"
            + "\"v\":{\"ns\":3000,\"n\":2}}");
        update("{\"s\":\"FX0003\",\"q\":12,\"c\":3,\"v\":{\"ns\":4000,\"n\":3}}");
        assertThat(quotes.updates).isEqualTo(3);
        assertThat(quotes.conflated).isEqualTo(3);
        assertThat(quotes.isExact()).isTrue();
        assertThat(window.latencies().getTotalCount()).isEqualTo(3);
        assertThat(window.latencies().getMaxValue()).isBetween(3_000L, 3_010L);
        assertThat(streams[0].updates).isZero();
    }

    @Test
    void shouldNoticeAMissingUpdate() {
        update("{\"s\":\"FX0003\",\"q\":8,\"v\":{\"ns\":2000,\"n\":1}}");
        update("{\"s\":\"FX0003\",\"q\":10,\"v\":{\"ns\":2000,\"n\":1}}");
        assertThat(quotes.isExact()).isFalse();
    }

    @Test
    void shouldNoticeARepeatedUpdate() {
        update("{\"s\":\"FX0003\",\"q\":8,\"v\":{\"ns\":2000,\"n\":1}}");
        update("{\"s\":\"FX0003\",\"q\":8,\"v\":{\"ns\":2000,\"n\":1}}");
        assertThat(quotes.isExact()).isFalse();
    }

    @Test
    void shouldExcuseExactlyTheUpdatesThatAGapCounts() {
        update("{\"s\":\"FX0003\",\"q\":8,\"v\":{\"ns\":2000,\"n\":1}}");
        scan("{\"type\":\"gap\",\"sub\":\"quotes\",\"p\":12,\"missed\":4}").onGap(scan.missed());
        assertThat(quotes.isExact()).as("reported, not seen yet").isFalse();
        update("{\"s\":\"FX0003\",\"q\":13,\"v\":{\"ns\":2000,\"n\":1}}");
        assertThat(quotes.isExact()).isTrue();
        assertThat(quotes.gaps).isOne();
        update("{\"s\":\"FX0003\",\"q\":15,\"v\":{\"ns\":2000,\"n\":1}}");
        assertThat(quotes.isExact()).isFalse();
    }

    private void update(final String entries) {
        scan.updates(scan("{\"type\":\"update\",\"sub\":\"quotes\",\"ts\":1,\"p\":9,\"data\":[" + entries + "]}"),
            NOW_NS);
    }

    private void image(final String entry) {
        scan.images(scan(
            "{\"type\":\"snapshot\",\"sub\":\"quotes\",\"ts\":1,\"epoch\":2,\"p\":9,\"last\":true,\"data\":[" + entry
            + "]}"));
    }

    private SubscriptionStats scan(final String message) {
        final byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        scan.on(bytes, 0, bytes.length);
        assertThat(scan.isType(message.substring(9, message.indexOf('"', 9)))).isTrue();
        assertThat(scan.isType("ack")).isFalse();
        return scan.stream(streams);
    }
}
