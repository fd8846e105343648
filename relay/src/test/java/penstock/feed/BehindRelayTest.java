package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import penstock.testkit.RecordedLog;

/** A relay behind the raw endpoint of another relay, which pings and reports no state, is never live on silence. */
@ExtendWith(MutedFeedLog.class)
class BehindRelayTest {
    @Test
    void shouldTakeSilenceForALossBehindAnotherRelay() {
        final FeedRig rig = new FeedRig().urls("ws://relay.invalid/v1/raw?symbols=*");
        rig.open("", "", "A").text(FeedRig.quote("A", 1));
        rig.clock.advance(29_999);
        assertThat(rig.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1");
        rig.clock.advance(1);
        assertThat(rig.ring.news()).containsExactly("STALE upstream_silent");
    }

    @Test
    void shouldWarnThatOldValuesLookLive() {
        try (RecordedLog log = new RecordedLog(FeedSession.class.getName())) {
            new FeedRig().start("", "", "A");
            assertThat(log.lines()).as("another feed").isEmpty();
            new FeedRig().urls("ws://relay.invalid/v1/raw?symbols=*").start("", "", "A");
            assertThat(log.lines()).singleElement().asString().startsWith("WARN feed: [ws://relay.invalid/v1/raw?…]")
                .contains("raw endpoint of another relay", "Silence of 30000 ms", "add snapshot=false");
        }
    }

    @Test
    void shouldLeaveOtherFeedsToTheirVenueFile() {
        final FeedRig rig = new FeedRig();
        rig.open("", "", "A").text(FeedRig.quote("A", 1));
        rig.ring.news();
        rig.clock.advance(600_000);
        assertThat(rig.ring.news()).isEmpty();
    }
}
