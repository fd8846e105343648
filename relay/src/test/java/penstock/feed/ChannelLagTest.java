package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import penstock.venue.VenueCounts;

/** How old the updates of a channel are when they come, by the time that the venue writes into them. */
class ChannelLagTest {
    private final FeedRig rig = new FeedRig();

    @Test
    void shouldMeasureFromTheVenuesTimeToReceipt() {
        final FakeUpstreams.Server server = rig.open("", "", "A");
        assertThat(lagUs()).isEqualTo(VenueCounts.UNKNOWN);
        server.text(FeedRig.quote("A", 1));
        assertThat(lagUs()).as("without a time").isEqualTo(VenueCounts.UNKNOWN);
        server.text(quoteOf(rig.clock.epochUs() - 1_500_000));
        assertThat(lagUs()).isEqualTo(1_500_000);
        server.text(quoteOf(rig.clock.epochUs() - 2_000)).text(FeedRig.quote("A", 3));
        assertThat(lagUs()).as("an update without a time changes nothing").isEqualTo(2_000);
        final long sentUs = rig.clock.epochUs();
        rig.clock.advance(400);
        server.text(quoteOf(sentUs));
        assertThat(lagUs()).isEqualTo(400_000);
    }

    @Test
    void shouldBeNegativeIfTheVenuesClockIsAhead() {
        rig.open("", "", "A").text(quoteOf(rig.clock.epochUs() + 250_000));
        assertThat(lagUs()).isEqualTo(-250_000);
    }

    private long lagUs() {
        return rig.venue.counts().lagUs(0);
    }

    private static String quoteOf(final long timeUs) {
        return "{\"s\":\"A\",\"v\":1,\"t\":" + timeUs + "}";
    }
}
