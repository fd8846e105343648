package penstock.feed.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.ring.Conflator;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.testkit.Seeds;

/** One topic of two vendors: which value is shown, and whose it is. */
class MergeTest {
    private static final int MAX_AGE_MS = 2_000;
    private static final int MERGED = 2;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final List<String> seen = new ArrayList<>();
    private final int[] topics = {-1, -1};
    private TickPublisher publisher;
    private TickPoller poller;
    private long nowMs = 10_000;

    /** What the merged feed publishes. */
    private final class Reader implements TickHandler {
        private int merged = -1;

        @Override
        public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
                final int length, final long sinceQ) {
            merged = channel == MERGED ? topic : merged;
        }

        @Override
        public void onValue(final Tick tick, final byte[] payloads) {
            if (tick.topic() == merged) {
                seen.add(new String(payloads, tick.offset() + tick.valueOffset(), tick.valueLength(),
                    StandardCharsets.UTF_8) + (tick.timeUs() == TickPublisher.NO_TIME ? "" : " at " + tick.timeUs()));
            }
        }

        @Override
        public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
                final long p) {
            if (topic == merged) {
                seen.add(state + " " + reason);
            }
        }

        @Override
        public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
                final long retryInMs, final long p) {
            if (feed == MERGED) {
                seen.add("feed " + state + " " + reason);
            }
        }
    }

    private final Reader reader = new Reader();

    @Test
    void shouldShowTheFreshestAndSayWhoseItIs() {
        open(false);
        update(0, "{\"bid\":1}", 100);
        update(1, "{ \"bid\":2 }", 101);
        update(0, "{\"bid\":3}", 99);
        update(0, "{}", 102);
        assertThat(seen).containsExactly("{\"bid\":1,\"from\":\"one\"} at 100", "{ \"bid\":2,\"from\":\"two\"} at 101",
            "{\"from\":\"one\"} at 102");
    }

    @Test
    void shouldFollowTheOtherWithinItsAgeLimitWhenTheFirstStops() {
        open(true);
        for (int ms = 0; ms < 3_000; ms += 100) {
            update(0, "{\"n\":" + nowMs + "}", nowMs);
            update(1, "{\"n\":" + nowMs + "}", nowMs);
            nowMs += 100;
        }
        assertThat(seen).allMatch(each -> each.contains("one"));
        seen.clear();
        final long stoppedMs = nowMs - 100;
        for (int ms = 0; ms < 5_000; ms += 100) {
            update(1, "{\"n\":" + nowMs + "}", nowMs);
            nowMs += 100;
        }
        final long followedMs = Long.parseLong(seen.get(0).replaceAll(".*at ", ""));
        assertThat(followedMs - stoppedMs).isBetween((long) MAX_AGE_MS, MAX_AGE_MS + 100L);
        assertThat(seen).allMatch(each -> each.contains("two"));
        seen.clear();
        update(0, "{\"n\":" + nowMs + "}", nowMs);
        update(1, "{\"n\":" + nowMs + "}", nowMs);
        assertThat(seen).as("back at once").containsExactly("{\"n\":" + nowMs + ",\"from\":\"one\"} at " + nowMs);
    }

    @Test
    void shouldFollowAtOnceWhenTheFirstIsLost() {
        open(true);
        publisher.feedState(0, FeedState.LIVE, null, 1, -1);
        publisher.feedState(1, FeedState.LIVE, null, 1, -1);
        update(0, "{\"n\":1}", 1);
        publisher.feedState(0, FeedState.STALE, "lost", 2, -1);
        update(1, "{\"n\":2}", 2);
        publisher.feedState(1, FeedState.STALE, "lost too", 3, -1);
        publisher.feedState(0, FeedState.LIVE, null, 4, -1);
        read();
        assertThat(seen).containsExactly("feed LIVE null", "{\"n\":1,\"from\":\"one\"} at 1", "STALE lost",
            "{\"n\":2,\"from\":\"two\"} at 2", "feed STALE lost too", "feed LIVE null");
    }

    @Test
    void shouldBeStaleWithTheTopicThatIsShownAndNoOther() {
        open(true);
        update(0, "{\"n\":1}", 1);
        update(1, "{\"n\":1}", 1);
        publisher.topicState(topics[1], TopicState.STALE, "gap", 1);
        publisher.topicState(topics[0], TopicState.STALE, "gap", 1);
        update(1, "{\"n\":2}", 2);
        assertThat(seen).containsExactly("{\"n\":1,\"from\":\"one\"} at 1", "STALE gap", "{\"n\":2,\"from\":\"two\"} at 2");
    }

    @Test
    void shouldShowAnOlderValueOnlyWhenTheShownOneIsTooOld() {
        open(false);
        update(0, "{\"n\":1}", 500);
        nowMs += MAX_AGE_MS;
        update(1, "{\"n\":2}", 400);
        nowMs++;
        update(1, "{\"n\":3}", 401);
        assertThat(seen).containsExactly("{\"n\":1,\"from\":\"one\"} at 500", "{\"n\":3,\"from\":\"two\"} at 401");
    }

    @Test
    void shouldLeaveOutWhatIsNoObject() {
        open(false);
        update(0, "[1,2]", 1);
        update(0, "7", 2);
        update(1, " \n{\"n\":[{}]}\n", 3);
        assertThat(seen).containsExactly("{\"n\":[{}],\"from\":\"two\"} at 3");
    }

    @Test
    void shouldShowWhatTheRulesEmitAndNotTheMessageOfTheVenue() {
        open(false);
        final byte[] message = "{\"type\":\"quote\",\"bid\":\"1\"}".getBytes(StandardCharsets.UTF_8);
        final byte[] emitted = "..{\"bid\":1}.".getBytes(StandardCharsets.UTF_8);
        final UpdateSlice slice = new UpdateSlice().set(message, 0, message.length, 0, message.length);
        slice.emit(emitted, 2, emitted.length - 3);
        publisher.publish(topics[0], 1, nowMs * 1_000_000, slice);
        read();
        assertThat(seen).containsExactly("{\"bid\":1,\"from\":\"one\"} at 1");
    }

    @Test
    void shouldNeverGoBackInTimeWhileVendorsStopAndGoOn() {
        for (final long seed : seeds.rounds(50)) {
            final Random random = Seeds.random(seed);
            open(random.nextBoolean());
            int silent = 0;
            for (int i = 0; i < 500; i++) {
                nowMs += random.nextInt(100);
                if (i % 100 == 99) {
                    // for about five seconds: none, or one of them
                    silent = i / 100 % 3;
                }
                final int vendor = random.nextInt(2);
                if (vendor + 1 != silent) {
                    // up to a second on its way
                    update(vendor, "{\"n\":1}", nowMs - random.nextInt(1_000));
                }
            }
            long last = 0;
            for (final String each : seen) {
                final long at = Long.parseLong(each.replaceAll(".*at ", ""));
                assertThat(at).isGreaterThanOrEqualTo(last);
                last = at;
            }
            assertThat(seen).anyMatch(each -> each.contains("one")).anyMatch(each -> each.contains("two"));
        }
    }

    private void open(final boolean prefersFirst) {
        final TickRing ring = new TickRing(1 << 14, 1 << 22);
        final Counters counters = new Counters("feed");
        final int[] feeds = {0, 1, MERGED};
        poller = ring.poller(counters);
        publisher = ring.publisher(counters, List.of(), channel -> Conflator.lastValue(), feeds);
        publisher.tap(new Merge(publisher, MERGED, feeds, List.of(new MergedChannel(MERGED, List.of(0, 1),
            List.of("one", "two"), prefersFirst, MAX_AGE_MS * 1_000_000L))));
        for (int i = 0; i < 2; i++) {
            topics[i] = publisher.addTopic(i, new byte[] {'S'}, 0, 1);
        }
        seen.clear();
        reader.merged = -1;
    }

    private void update(final int vendor, final String value, final long timeUs) {
        final byte[] bytes = ("[" + value + "]").getBytes(StandardCharsets.UTF_8);
        publisher.publish(topics[vendor], timeUs, nowMs * 1_000_000,
            new UpdateSlice().set(bytes, 0, bytes.length, 1, bytes.length - 2));
        read();
    }

    private void read() {
        publisher.flush();
        poller.poll(reader);
    }
}
