package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.config.relay.FeedConfig;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;
import penstock.upstream.LossReason;

/** The venue numbers its events consecutively, and some never arrive: their number goes into the ring. */
@Tag("slow")
class EventGapsTest {
    private static final String EVENTS = "channels.quote.class = event\n";
    private static final String SUBSCRIBE = EVENTS
        + """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final FeedRig rig = new FeedRig().numbered("increment");
    private final RecordedEvents events = new RecordedEvents();

    @Test
    void shouldCountMissedEvents() {
        final FakeUpstreams.Server venue = rig.open("", EVENTS);
        send(venue, 5, 6, 10, 10, 9, 11);
        assertThat(seen()).containsExactly("5 as q 1", "6 as q 2", "10 as q 6 after 3", "11 as q 7");
        assertThat(rig.count(Counter.FEED_EVENTS_MISSED)).isEqualTo(3);
    }

    @Test
    void shouldCountMissedEventsAcrossALossOfTheConnection() {
        send(rig.open("", EVENTS), 5).lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        send(rig.upstreams.last().open(), 9);
        assertThat(seen()).containsExactly("5 as q 1", "9 as q 5 after 3");
    }

    @Test
    void shouldNotCountEventsThatTheOtherConnectionSent() {
        final FeedRig two = rig.urls("ws://a.invalid/", "ws://b.invalid/").redundant();
        two.start("max-connections = 2", SUBSCRIBE, "A");
        final FakeUpstreams.Server a = send(two.server(0).open().text("{\"ok\":true,\"id\":1}"), 10);
        final FakeUpstreams.Server b = send(two.server(1).open().text("{\"ok\":true,\"id\":1}"), 10);
        send(a, 11, 12);
        // a loses 13 and 14, b only 14
        send(b, 11, 12, 13);
        send(a, 15);
        send(b, 15, 16);
        assertThat(seen())
            .containsExactly("10 as q 1", "11 as q 2", "12 as q 3", "13 as q 4", "15 as q 5", "16 as q 7 after 1");
    }

    @Test
    void shouldNotCountEventsWithoutInterest() {
        rig.start("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        final FakeUpstreams.Server venue = rig.server(0).open();
        rig.session.addInterest(0, List.of("A"), "client");
        send(venue.text("{\"ok\":true,\"id\":1}"), 1, 2);
        rig.session.removeInterest(0, List.of("A"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        venue.text("{\"ok\":true,\"id\":2}");
        rig.session.addInterest(0, List.of("A"), "client");
        send(venue.text("{\"ok\":true,\"id\":3}"), 100, 102);
        assertThat(seen())
            .containsExactly("1 as q 1", "2 as q 2", "100 as q 1", "102 as q 3 after 1");
    }

    @Test
    void shouldDeliverTheEventsThatAnyConnectionSentAndCountTheOthers() {
        for (final long seed : seeds.rounds(200)) {
            final SplittableRandom random = new SplittableRandom(seed);
            final EventGapsTest play = new EventGapsTest();
            final boolean isRedundant = random.nextBoolean();
            final FeedRig two = isRedundant ? play.rig.urls("ws://a.invalid/", "ws://b.invalid/").redundant()
                : play.rig;
            two.start("max-connections = 2, lifetime = 40s", SUBSCRIBE, "A");
            int number = 0;
            final TreeSet<Integer> carried = new TreeSet<>();
            // nothing is lost of the last two: all that is missing shows
            for (int i = 0; i < 202; i++) {
                for (final FakeUpstreams.Server line : List.copyOf(two.upstreams.all)) {
                    if (line.sent.isEmpty() && !line.isAborted && !line.isClosing) {
                        line.open().text("{\"ok\":true,\"id\":1}");
                    }
                }
                number++;
                for (final FakeUpstreams.Server line : List.copyOf(two.upstreams.all)) {
                    if (!line.isAborted && !line.isClosing && (random.nextInt(6) > 0 || i >= 200)) {
                        play.send(line, number);
                        carried.add(number);
                    }
                }
                if (random.nextInt(60) == 0 && !two.upstreams.last().isAborted) {
                    two.upstreams.last().lose(LossReason.DISCONNECTED, true);
                    two.upstreams.last().isAborted = true;
                }
                two.clock.advance(random.nextInt(1_000));
                play.seen();
            }
            final TreeSet<Integer> seenNumbers = new TreeSet<>();
            long q = 0;
            long missed = 0;
            for (final String line : play.seen()) {
                final String[] words = line.split(" ");
                seenNumbers.add(Integer.parseInt(words[0]));
                final long skipped = words.length == 6 ? Long.parseLong(words[5]) : 0;
                assertThat(Long.parseLong(words[3])).as(line).isEqualTo(q + skipped + 1);
                q = Long.parseLong(words[3]);
                missed += skipped;
            }
            assertThat(seenNumbers).isEqualTo(carried);
            assertThat(missed).as("%s", play.seen())
                .isEqualTo(seenNumbers.last() - seenNumbers.first() + 1 - seenNumbers.size());
            assertThat(two.count(Counter.FEED_EVENTS_MISSED)).isEqualTo(missed);
        }
    }

    private FakeUpstreams.Server send(final FakeUpstreams.Server venue, final long... numbers) {
        for (final long number : numbers) {
            venue.text(FeedRig.quote("A", number, number));
        }
        return venue;
    }

    private List<String> seen() {
        rig.ring.poll(events);
        return events.seen;
    }
}
