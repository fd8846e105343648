package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.testkit.Seeds;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/** The journal stores the newest entries in order and knows how many older ones of each topic are lost. */
class JournalTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final Counters counters = new Counters("feed");
    private final List<Channel> channels =
        List.of(new Channel(0, "trade", "event", true), new Channel(1, "quote", "last-value", false));
    private final TopicTable table = new TopicTable(channels, 7, 0, 100_000);
    private final Journal journal = table.journal();
    private final TickRing ring = new TickRing(4, 1 << 20);
    private final TickPoller poller = ring.poller(counters);
    private final TickPublisher publisher =
        ring.publisher(counters, List.of(), channel -> channels.get(channel).newConflator());
    private final TickHandler handler = new TableFiller(table);

    @Test
    void shouldStoreTheNewestEntriesInOrderAtAnySize() {
        for (final long seed : seeds.rounds(20)) {
            final Random random = Seeds.random(seed);
            final int[] topics = {topic(0, "A" + seed), topic(0, "B" + seed), topic(0, "C" + seed)};
            final List<String> stored = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                final int topic = topics[random.nextInt(3)];
                publish(topic, value(i, random.nextInt(random.nextInt(20) == 0 ? 6_000 : 150)));
                stored.add(newest(topic));
                if (i % 100 == 99) {
                    check(stored);
                }
            }
            assertThat(journal.entries().capacityBytes()).isEqualTo(65_536);
        }
    }

    private void check(final List<String> stored) {
        final List<String> kept = new ArrayList<>();
        for (long at = journal.entries().entry(journal.entries().oldest()); at < journal.entries()
                .head(); at = journal.entries().entry(journal.entries().end(at))) {
            kept.add(text(at));
            assertThat(journal.entries().skipped(at)).isZero();
            final long before = journal.entries().previous(at);
            if (before >= journal.entries().oldest()) {
                assertThat(journal.entries().topic(before)).isEqualTo(journal.entries().topic(at));
                assertThat(journal.entries().q(before)).isEqualTo(journal.entries().q(at) - 1);
            } else {
                assertThat(journal.resumeIndex().overwrittenQ(journal.entries().topic(at)))
                    .isEqualTo(journal.entries().q(at) - 1);
            }
        }
        final List<String> newest = stored.subList(Math.max(0, stored.size() - kept.size()), stored.size());
        assertThat(kept.subList(kept.size() - newest.size(), kept.size())).isEqualTo(newest);
    }

    @Test
    void shouldStoreATopicOfAnotherClassUntilOneLapAfterItsLastReader() {
        final int quote = topic(1, "Q");
        publish(quote, "1");
        assertThat(journal.entries().head()).isZero();
        journal.addReader(table.topic(quote));
        assertThat(journal.resumeIndex().overwrittenQ(quote)).isEqualTo(1);
        publish(quote, "2");
        assertThat(journal.entries().q(journal.entries().newest(quote))).isEqualTo(2);
        assertThat(journal.entries().skipped(journal.entries().newest(quote))).isZero();
        journal.removeReader(table.topic(quote));
        publish(quote, "3");
        assertThat(journal.resumeIndex().qAt(table.topic(quote), 2))
            .as("a reader that returns within a lap has missed nothing")
            .isEqualTo(2);
        final int trade = topic(0, "T");
        while (journal.entries().head() < 80_000) {
            publish(trade, value(0, 1_000));
        }
        final long head = journal.entries().head();
        publish(quote, "4");
        assertThat(journal.entries().head()).as("one lap later the topic is no longer stored").isEqualTo(head);
        assertThat(journal.resumeIndex().qAt(table.topic(quote), 2)).isEqualTo(-1);
        journal.addReader(table.topic(quote));
        publish(quote, "5");
        assertThat(journal.entries().skipped(journal.entries().newest(quote))).as("a new reader has sequence 4")
            .isZero();
        assertThat(journal.resumeIndex().overwrittenQ(quote)).isEqualTo(4);
        assertThat(journal.entries().previous(journal.entries().newest(quote))).isEqualTo(JournalEntries.NONE);
    }

    @Test
    void shouldFindTheSequenceAtAnyRecentPosition() {
        for (final long seed : seeds.rounds(20)) {
            final Random random = Seeds.random(seed);
            final int[] topics = {topic(0, "A" + seed), topic(0, "B" + seed), topic(0, "C" + seed)};
            final long start = table.position();
            final List<Integer> expected = new ArrayList<>();
            for (int i = 1; i <= 1_500; i++) {
                final int topic = random.nextInt(random.nextInt(50) == 0 ? 3 : 2);
                publish(topics[topic], value(i, random.nextInt(300)));
                expected.add(topic);
                final long p = start + random.nextInt(i + 1);
                final int asked = random.nextInt(3);
                final long q = expected.subList(0, (int) (p - start)).stream().filter(each -> each == asked).count();
                final Topic of = table.topic(topics[asked]);
                final boolean isRecent = expected.size() - (p - start) < 256 + 100;
                assertThat(of == null ? q : journal.resumeIndex().qAt(of, p)).as("at %d: %d", i, p)
                    .isIn(isRecent ? List.of(q) : List.of(q, -1L));
                final long after = journal.entries().entryAfter(topics[asked], p);
                if (after < journal.entries().head()) {
                    assertThat(journal.entries().p(after)).isGreaterThan(p);
                    assertThat(journal.entries().q(after))
                        .isEqualTo(Math.max(q, journal.resumeIndex().overwrittenQ(topics[asked])) + 1);
                }
            }
        }
    }

    @Test
    void shouldShowAnEntryInAView() {
        final View bids = new View(List.of("bid"), false, 0);
        final View changedBids = new View(List.of("bid"), true, 0);
        final View changes = new View(List.of(), true, 0);
        final int quote = topic(1, "Q");
        publish(quote, "{\"bid\":1,\"ask\":2}");
        final Topic topic = table.topic(quote);
        journal.addReader(topic);
        List.of(bids, changedBids, changes).forEach(topic::addView);
        publish(quote, "{\"bid\":1,\"ask\":3}");
        assertThat(journal.projection().isShown(journal.entries().newest(quote), bids)).isFalse();
        assertThat(shown(quote, changes, 0)).isEqualTo("{\"s\":\"Q\",\"q\":2,\"v\":{\"ask\":3}}");
        publish(quote, "{\"bid\":1.10}");
        assertThat(journal.projection().isShown(journal.entries().newest(quote), bids)).isTrue();
        assertThat(shown(quote, bids, 1)).isEqualTo("{\"s\":\"Q\",\"q\":3,\"c\":1,\"v\":{\"bid\":1.10}}");
        assertThat(shown(quote, changedBids, 0)).isEqualTo("{\"s\":\"Q\",\"q\":3,\"v\":{\"bid\":1.10}}");
        assertThat(shown(quote, changes, 0)).isEqualTo("{\"s\":\"Q\",\"q\":3,\"v\":{\"bid\":1.10,\"ask\":null},"
            + "\"removed\":[\"ask\"]}");
        assertThat(shown(quote, View.FULL, 0)).isEqualTo("{\"s\":\"Q\",\"q\":3,\"v\":{\"bid\":1.10}}");
        publish(quote, "[7]");
        assertThat(journal.projection().isShown(journal.entries().newest(quote), bids)).isTrue();
        assertThat(shown(quote, changedBids, 0)).endsWith("\"v\":[7]}");
    }

    @Test
    void shouldStorePayloadsForPayloadReaders() {
        final int trade = topic(0, "T");
        publish(trade, "1");
        journal.addPayloadReader(table.topic(trade));
        publish(trade, "{\"a\":1}");
        final MessageBuffer out = new MessageBuffer(16);
        journal.entries().appendPayload(journal.entries().newest(trade), out);
        assertThat(out.toString()).isEqualTo("{\"a\":1}");
        assertThat(text(journal.entries().newest(trade))).isEqualTo("{\"s\":\"T\",\"q\":2,\"v\":{\"a\":1}}");
    }

    private String shown(final int topic, final View view, final long conflated) {
        return entry(journal.entries().newest(topic), view, conflated, false);
    }

    @Test
    void shouldReportATooLargeUpdateWithTheNextEntry() {
        final int trade = topic(0, "T");
        publish(trade, "1");
        publish(trade, value(2, 20_000));
        publish(trade, "3");
        assertThat(journal.entries().q(journal.entries().newest(trade))).isEqualTo(3);
        assertThat(journal.entries().skipped(journal.entries().newest(trade))).isEqualTo(1);
    }

    @Test
    void shouldShowTheWholeValueWhenChangesAreUnknown() {
        final View changes = new View(List.of(), true, 0);
        final View bids = new View(List.of("bid"), false, 0);
        final int quote = topic(1, "Q");
        publish(quote, "7");
        final Topic topic = table.topic(quote);
        journal.addReader(topic);
        publish(quote, "{\"bid\":1,\"ask\":2}");
        assertThat(journal.projection().isImage(journal.entries().newest(quote), changes))
            .as("no view needed the changes then").isTrue();
        assertThat(journal.projection().isImage(journal.entries().newest(quote), bids))
            .as("a view without changes is sent the whole value anyway")
            .isFalse();
        topic.addView(changes);
        publish(quote, "{\"bid\":1,\"ask\":3}");
        assertThat(journal.projection().isImage(journal.entries().newest(quote), changes)).isFalse();
        publish(quote, "7");
        assertThat(journal.projection().isImage(journal.entries().newest(quote), changes))
            .as("no object: there are no changes to apply")
            .isFalse();
        publish(quote, " {\"ask\":4}");
        assertThat(journal.projection().isImage(journal.entries().newest(quote), changes))
            .as("the value before was no object")
            .isTrue();
        assertThat(journal.projection().isShown(journal.entries().newest(quote), bids))
            .as("a reader of the value before can apply the changes").isTrue();
        assertThat(shown(quote, bids, 0)).isEqualTo("{\"s\":\"Q\",\"q\":5,\"v\":{}}");
    }

    @Test
    void shouldNotCountATooLargeUpdateAsStored() {
        final View changes = new View(List.of(), true, 0);
        final int quote = topic(1, "Q");
        publish(quote, "{\"bid\":1,\"ask\":2}");
        final Topic topic = table.topic(quote);
        journal.addReader(topic);
        topic.addView(changes);
        publish(quote, "{\"bid\":1,\"ask\":" + value(0, 20_000) + '}');
        final long p = table.position();
        assertThat(journal.resumeIndex().qAt(topic, p)).as("readers that were sent an image have it, others miss it")
            .isEqualTo(-1);
        publish(quote, "{\"bid\":2,\"ask\":" + value(0, 3) + '}');
        assertThat(journal.entries().skipped(journal.entries().newest(quote))).isEqualTo(1);
        assertThat(journal.projection().isImage(journal.entries().newest(quote), changes))
            .as("the ask changed since the last stored entry")
            .isTrue();
        assertThat(journal.resumeIndex().qAt(topic, p)).isEqualTo(-1);
        assertThat(journal.resumeIndex().qAt(topic, table.position())).isEqualTo(3);
    }

    @Test
    void shouldMakeTheSameEntryWhetherItsHeadIsStoredOrNot() {
        final View changes = new View(List.of("a"), true, 0);
        final int topic = topic(1, "Q\"1");
        publish(topic, "{\"a\":0}");
        journal.addReader(table.topic(topic));
        table.topic(topic).addView(changes);
        publishAt(topic, 1_700, "{\"a\":1,\"b\":2}");
        final long without = journal.entries().newest(topic);
        journal.addJsonReader(table.topic(topic));
        publishAt(topic, 1_700, "{\"a\":1,\"b\":2}");
        journal.removeJsonReader(table.topic(topic));
        final long with = journal.entries().newest(topic);
        assertThat(journal.entries().bytes(with)).isGreaterThan(journal.entries().bytes(without));
        final String head = "{\"s\":\"Q\\\"1\",\"q\":2,\"t\":1700";
        final String value = ",\"v\":{\"a\":1,\"b\":2}}";
        assertThat(entry(without, View.FULL, 0, false)).isEqualTo(head + value);
        for (final View view : List.of(View.FULL, new View(List.of("b"), false, 0))) {
            for (final long conflated : new long[] {0, 3}) {
                for (final boolean isLost : new boolean[] {false, true}) {
                    assertThat(entry(without, view, conflated, isLost).replace("\"q\":2", "\"q\":3"))
                        .isEqualTo(entry(with, view, conflated, isLost));
                }
            }
        }
        assertThat(entry(without, changes, 0, false)).isEqualTo(head + ",\"v\":{\"a\":1}}");
        publish(topic, "{\"a\":2}");
        assertThat(newest(topic)).isEqualTo("{\"s\":\"Q\\\"1\",\"q\":4,\"v\":{\"a\":2}}");
    }

    @Test
    void shouldGrowOnlyAsFarAsNeeded() {
        final Journal large = new Journal(8 << 20);
        assertThat(large.entries().capacityBytes()).isZero();
        assertThat(new Journal(0).isOff()).isTrue();
        assertThat(new Journal(1).isOff()).isFalse();
    }

    private int topic(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return publisher.addTopic(channel, name, 0, name.length);
    }

    private void publish(final int topic, final String value) {
        publishAt(topic, TickPublisher.NO_TIME, value);
    }

    private void publishAt(final int topic, final long timeUs, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, timeUs, 7,
            new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length));
        do {
            publisher.flush();
            poller.poll(handler);
        } while (publisher.isBehind());
    }

    private String newest(final int topic) {
        return text(journal.entries().newest(topic));
    }

    private String text(final long address) {
        return entry(address, View.FULL, 0, false);
    }

    private String entry(final long address, final View view, final long conflated, final boolean isLost) {
        final MessageBuffer out = new MessageBuffer(16);
        final Topic topic = table.topic(journal.entries().topic(address));
        journal.projection().append(address, topic, view, conflated, isLost, out);
        return out.toString();
    }

    private static String value(final int n, final int padding) {
        return "\"" + n + "x".repeat(padding) + "\"";
    }
}
