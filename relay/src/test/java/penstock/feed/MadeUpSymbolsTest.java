package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import penstock.telemetry.Counter;

/** A feed that makes up symbols. */
class MadeUpSymbolsTest {
    private final FeedRig rig = new FeedRig().numbered("increment").maxTopics(2);

    @Test
    void shouldKeepThePlacesOfConfiguredSymbols() {
        rig.start("", "", "A", "B");
        rig.server(0).open();
        rig.server(0).text(FeedRig.quote("MADE-UP", 1, 1)).text(FeedRig.quote("MADE-UP-2", 1, 1));
        rig.ring.news();

        rig.server(0).text(FeedRig.quote("A", 1, 1)).text(FeedRig.quote("B", 1, 1));

        assertThat(rig.ring.news()).contains("topic 0 = 0 A", "0 1", "topic 1 = 0 B", "1 1");
        assertThat(rig.count(Counter.FEED_SYMBOLS_REFUSED)).isEqualTo(2);
    }

    @Test
    void shouldKeepNothingOfSymbolsBeyondTheLimit() {
        rig.start("", "");
        rig.server(0).open();
        rig.server(0).text(FeedRig.quote("A", 1, 1)).text(FeedRig.quote("B", 1, 1));
        rig.ring.news();
        for (int i = 0; i < 100; i++) {
            rig.server(0).text(FeedRig.quote("MADE-UP-" + i, 1, 1)).text(FeedRig.quote("MADE-UP-" + i, 1, 7));
        }
        assertThat(rig.ring.news()).isEmpty();
        assertThat(rig.count(Counter.FEED_SYMBOLS_REFUSED)).isEqualTo(200);
        assertThat(rig.count(Counter.FEED_GAPS)).as("numbers of refused symbols are not followed").isZero();

        rig.server(0).text(FeedRig.quote("A", 2, 2)).text(FeedRig.quote("B", 2, 4));

        assertThat(rig.ring.news()).contains("0 2", "1 2");
        assertThat(rig.count(Counter.FEED_GAPS)).isEqualTo(1);
    }
}
