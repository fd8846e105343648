package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import penstock.ring.FeedState;
import penstock.ring.Slices;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.telemetry.Counters;
import penstock.wire.MessageBuffer;

/** The journal keeps the newest entries as they came, and knows of each topic what it does not keep any more. */
class JournalTest {
    private final Counters counters = new Counters("feed");
    private final List<Channel> channels =
        List.of(new Channel(0, "trade", "event", true), new Channel(1, "quote", "last-value", false));
    private final TopicTable table = new TopicTable(channels, 7, 0, 100_000);
    private final Journal journal = table.journal();
    private final TickRing ring = new TickRing(4, 1 << 20);
    private final TickPoller poller = ring.poller(counters);
    private final TickPublisher publisher = ring.publisher(counters, List.of(), channel -> channels.get(channel).newFolding());
    private final TickHandler handler = new TickHandler() {
        @Override
        public void onTopic(final int topic, final int channel, final byte[] lane, final int offset, final int length) {
            table.onTopic(topic, channel, lane, offset, length);
        }

        @Override
        public void onValue(final Tick tick, final byte[] lane) {
            table.onValue(tick, lane);
        }

        @Override
        public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs, final long p) {
            table.onTopicState(topic, state, reason, sinceUs, p);
        }

        @Override
        public void onFeedState(final FeedState state, final String reason, final long sinceUs, final long retryInMs, final long p) {
            table.onFeedState(state, reason, sinceUs, retryInMs, p);
        }
    };

    @Test
    void shouldKeepTheNewestInOrderWhateverTheirSizes() {
        for (long seed = 1; seed <= 20; seed++) {
            final Random random = new Random(seed);
            final int[] topics = {topic(0, "A" + seed), topic(0, "B" + seed), topic(0, "C" + seed)};
            final List<String> stored = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                final int topic = topics[random.nextInt(3)];
                publish(topic, value(i, random.nextInt(random.nextInt(20) == 0 ? 6_000 : 150)));
                stored.add(newest(topic));
                if (i % 100 == 99) {
                    check(stored, seed);
                }
            }
            assertThat(journal.capacityBytes()).isEqualTo(65_536);
        }
    }

    private void check(final List<String> stored, final long seed) {
        final List<String> kept = new ArrayList<>();
        for (long at = journal.entry(journal.oldest()); at < journal.head(); at = journal.entry(journal.end(at))) {
            kept.add(text(at));
            assertThat(journal.skipped(at)).isZero();
            final long before = journal.before(at);
            if (before >= journal.oldest()) {
                assertThat(journal.topic(before)).isEqualTo(journal.topic(at));
                assertThat(journal.q(before)).isEqualTo(journal.q(at) - 1);
            } else {
                assertThat(journal.lostQ(journal.topic(at))).as("seed " + seed).isEqualTo(journal.q(at) - 1);
            }
        }
        final List<String> newest = stored.subList(Math.max(0, stored.size() - kept.size()), stored.size());
        assertThat(kept.subList(kept.size() - newest.size(), kept.size())).as("seed " + seed).isEqualTo(newest);
    }

    @Test
    void shouldKeepOtherChannelsOnlyWhileSomebodyHoldsTheTopic() {
        final int quote = topic(1, "Q");
        publish(quote, "1");
        assertThat(journal.head()).isZero();
        journal.hold(table.topic(quote));
        assertThat(journal.lostQ(quote)).isEqualTo(1);
        publish(quote, "2");
        assertThat(journal.q(journal.newest(quote))).isEqualTo(2);
        assertThat(journal.skipped(journal.newest(quote))).isZero();
        journal.release(table.topic(quote));
        final long head = journal.head();
        publish(quote, "3");
        assertThat(journal.head()).isEqualTo(head);
        journal.hold(table.topic(quote));
        publish(quote, "4");
        assertThat(journal.skipped(journal.newest(quote))).as("who holds it now has 3").isZero();
        assertThat(journal.lostQ(quote)).isEqualTo(3);
    }

    @Test
    void shouldTellWithTheNextEntryOfOneThatIsTooLarge() {
        final int trade = topic(0, "T");
        publish(trade, "1");
        publish(trade, value(2, 20_000));
        publish(trade, "3");
        assertThat(journal.q(journal.newest(trade))).isEqualTo(3);
        assertThat(journal.skipped(journal.newest(trade))).isEqualTo(1);
    }

    @Test
    void shouldGrowOnlyAsFarAsItIsNeeded() {
        final Journal large = new Journal(8 << 20);
        assertThat(large.capacityBytes()).isZero();
        assertThat(new Journal(0).isOff()).isTrue();
        assertThat(new Journal(1).isOff()).isFalse();
    }

    private int topic(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return publisher.addTopic(channel, name, 0, name.length);
    }

    private void publish(final int topic, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, TickPublisher.NO_TIME, 7, new Slices().set(bytes, 0, bytes.length, 0, bytes.length));
        do {
            publisher.flush();
            poller.poll(handler);
        } while (publisher.isBehind());
        assertThat(poller.takeFailure()).isNull();
    }

    private String newest(final int topic) {
        return text(journal.newest(topic));
    }

    private String text(final long address) {
        final MessageBuffer out = new MessageBuffer(16);
        journal.append(address, out);
        assertThat(out.length()).isEqualTo(journal.bytes(address));
        return out.toString();
    }

    private static String value(final int n, final int padding) {
        return "\"" + n + "x".repeat(padding) + "\"";
    }
}
