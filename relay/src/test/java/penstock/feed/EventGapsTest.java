package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import penstock.config.FeedConfig;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/**
 * Events that the venue numbers one by one, and some of them never come: the ring learns how many, whoever told the
 * others.
 */
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

    private final FeedStage stage = new FeedStage().numbered("increment");
    private final List<String> seen = new ArrayList<>();

    /** Writes down {@code event 7 as q 5 after 3}. */
    private final class Events implements TickHandler {
        @Override
        public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
                final int length) {
            assertThat(length).isEqualTo(1);
        }

        @Override
        public void onValue(final Tick tick, final byte[] payloads) {
            seen.add(new String(payloads, tick.offset() + tick.valueOffset(), tick.valueLength()) + " as q " + tick.q()
                + (tick.missed() > 0 ? " after " + tick.missed() : ""));
        }

        @Override
        public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
                final long p) {
            seen.add(topic + " " + state + " " + reason);
        }

        @Override
        public void onFeedState(final FeedState state, final String reason, final long sinceUs, final long retryInMs,
                final long p) {
            assertThat(state).isNotEqualTo(FeedState.CLOSED);
        }
    }

    @Test
    void shouldTellHowManyNeverCame() {
        final PlayedUpstreams.Played venue = stage.open("", EVENTS);
        say(venue, 5, 6, 10, 10, 9, 11);
        assertThat(seen()).containsExactly("5 as q 1", "6 as q 2", "10 as q 6 after 3", "11 as q 7");
        assertThat(stage.count(Counter.FEED_EVENTS_MISSED)).isEqualTo(3);
    }

    @Test
    void shouldCountOverALossOfTheConnection() {
        say(stage.open("", EVENTS), 5).lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(10_000);
        say(stage.upstreams.last().open(), 9);
        assertThat(seen()).containsExactly("5 as q 1", "9 as q 5 after 3");
    }

    @Test
    void shouldNotCountWhatTheOtherOfTwoConnectionsTold() {
        final FeedStage two = stage.urls("ws://a.invalid/", "ws://b.invalid/").twofold();
        two.start("max-connections = 2", SUBSCRIBE, "A");
        final PlayedUpstreams.Played a = say(two.server(0).open().text("{\"ok\":true,\"id\":1}"), 10);
        final PlayedUpstreams.Played b = say(two.server(1).open().text("{\"ok\":true,\"id\":1}"), 10);
        say(a, 11, 12);
        // a loses 13 and 14, b only 14
        say(b, 11, 12, 13);
        say(a, 15);
        say(b, 15, 16);
        assertThat(seen())
            .containsExactly("10 as q 1", "11 as q 2", "12 as q 3", "13 as q 4", "15 as q 6 after 1", "16 as q 7");
    }

    @Test
    void shouldNotCountWhatCameWhileNobodyWantedIt() {
        stage.start("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        final PlayedUpstreams.Played venue = stage.server(0).open();
        stage.session.addInterest(0, List.of("A"));
        say(venue.text("{\"ok\":true,\"id\":1}"), 1, 2);
        stage.session.removeInterest(0, List.of("A"));
        stage.clock.advance(FeedStage.LINGER_MS + 100);
        venue.text("{\"ok\":true,\"id\":2}");
        stage.session.addInterest(0, List.of("A"));
        say(venue.text("{\"ok\":true,\"id\":3}"), 100, 102);
        assertThat(seen())
            .containsExactly("1 as q 1", "2 as q 2", "0 STALE not_subscribed", "100 as q 3", "102 as q 5 after 1");
    }

    @Test
    void shouldCountExactlyWhatNoConnectionToldBeforeALaterOneWhateverIsLost() {
        for (long seed = 1; seed <= 200; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final EventGapsTest play = new EventGapsTest();
            final boolean isRedundant = random.nextBoolean();
            final FeedStage two = isRedundant ? play.stage.urls("ws://a.invalid/", "ws://b.invalid/").twofold()
                : play.stage;
            two.start("max-connections = 2, lifetime = 40s", SUBSCRIBE, "A");
            int number = 0;
            for (int i = 0; i < 200; i++) {
                for (final PlayedUpstreams.Played line : List.copyOf(two.upstreams.all)) {
                    if (line.sent.isEmpty() && !line.isAborted && !line.isClosing) {
                        line.open().text("{\"ok\":true,\"id\":1}");
                    }
                }
                number++;
                for (final PlayedUpstreams.Played line : List.copyOf(two.upstreams.all)) {
                    if (!line.isAborted && !line.isClosing && random.nextInt(6) > 0) {
                        play.say(line, number);
                    }
                }
                if (random.nextInt(60) == 0 && !two.upstreams.last().isAborted) {
                    two.upstreams.last().lose(LossReason.DISCONNECTED, true);
                    two.upstreams.last().isAborted = true;
                }
                two.clock.advance(random.nextInt(1_000));
                play.drain();
            }
            final TreeSet<Integer> told = new TreeSet<>();
            long q = 0;
            long missed = 0;
            for (final String line : play.seen) {
                final String[] words = line.split(" ");
                told.add(Integer.parseInt(words[0]));
                final long skipped = words.length == 6 ? Long.parseLong(words[5]) : 0;
                assertThat(Long.parseLong(words[3])).as("seed %d: %s", seed, line).isEqualTo(q + skipped + 1);
                q = Long.parseLong(words[3]);
                missed += skipped;
            }
            assertThat(missed).as("seed %d: %s", seed, play.seen)
                .isEqualTo(told.last() - told.first() + 1 - told.size());
            assertThat(two.count(Counter.FEED_EVENTS_MISSED)).isEqualTo(missed);
        }
    }

    private PlayedUpstreams.Played say(final PlayedUpstreams.Played venue, final long... numbers) {
        for (final long number : numbers) {
            venue.text(FeedStage.quote("A", number, number));
        }
        return venue;
    }

    private void drain() {
        stage.ring.poll(new Events());
    }

    private List<String> seen() {
        drain();
        return seen;
    }
}
