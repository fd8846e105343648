package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.SessionLimits;

/**
 * Subscribers come, leave, resume, read slowly and change their minds, while topics without interest are forgotten and
 * their numbers are used again: no client ever counts one topic as another, and each ends with exactly the values of
 * the feed. {@code -Dpenstock.model.rounds=100000} searches further.
 */
@Tag("slow")
class ForgettingModelTest {
    private static final int ROUNDS = Integer.getInteger("penstock.model.rounds", 200);
    private static final int STEPS = 150;
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldShowEachClientTheTopicsThatAreThereAndNoOthers() {
        int resumed = 0;
        int generations = 0;
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Play play = new Play(Seeds.random(seed));
            play.run();
            resumed += play.clients.stream().mapToInt(client -> client.resumed).sum();
            generations += play.feed.generations();
        }
        assertThat(resumed).as("clients that resumed").isGreaterThan(ROUNDS);
        assertThat(generations).as("topics that came").isGreaterThan(3 * ROUNDS);
    }

    private static final class Play {
        private final Random random;
        private final ManualThread thread = new ManualThread(1_000_000_000L);
        private final Telemetry telemetry = new Telemetry();
        private final Shard shard;
        private final TickPublisher publisher;
        private final DemandFeed feed;
        private final List<DemandClient> clients = new ArrayList<>();

        Play(final Random random) {
            this.random = random;
            final List<Channel> channels =
                List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false));
            final Counters counters = new Counters("fanout-0");
            // small, so that the feed has to wait for room
            final TickRing ring = new TickRing(32, 1 << 16);
            shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(channels, 7, 0, 1 << 20),
                new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 3600_000_000_000L, 3600_000_000_000L),
                new SessionLimits(3, 100, 65_536, 1_000, 0, 60_000), counters, telemetry.errors());
            final ShardProxy proxy = new ShardProxy(thread, shard);
            publisher = ring.publisher(counters, List.of(proxy::wake), channel -> channels.get(channel).newConflator());
            feed = new DemandFeed(publisher, random);
            shard.interest().serveOnDemand(shard.topics().firstFeed(), feed, 100);
            proxy.start();
            for (int i = 0; i < 3; i++) {
                clients.add(new DemandClient(shard, thread, feed, random));
            }
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step(clients.get(random.nextInt(clients.size())));
                read();
            }
            clients.forEach(DemandClient::calmDown);
            for (int i = 0; i < 3; i++) {
                feed.learn(Integer.MAX_VALUE);
                feed.forget(true);
                flush();
                feed.tick(2, thread.nowNs());
                flush();
                read();
            }
            clients.forEach(DemandClient::check);
            assertThat(telemetry.errors().entries()).isEmpty();
        }

        private void step(final DemandClient client) {
            switch (random.nextInt(16)) {
                case 0, 1 -> client.subscribe();
                case 2, 3 -> client.unsubscribe();
                case 4, 5 -> client.leaveOrReturn();
                case 6 -> client.readSlowly();
                case 7, 8 -> feed.learn(1 + random.nextInt(4));
                case 9, 10, 11 -> feed.forget(false);
                case 12 -> feed.disturb();
                case 13 -> thread.advanceMs(random.nextInt(300));
                default -> feed.tick(3, thread.nowNs());
            }
            if (random.nextBoolean()) {
                publisher.flush();
            }
            if (random.nextInt(3) > 0) {
                thread.run();
            }
        }

        private void flush() {
            do {
                publisher.flush();
                thread.run();
            } while (publisher.isBehind());
            thread.advanceMs(1_000);
            thread.run();
        }

        private void read() {
            clients.forEach(DemandClient::read);
        }
    }
}
