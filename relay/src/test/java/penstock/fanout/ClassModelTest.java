package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/**
 * Merge and order-book from the publisher to the subscriber against a reference, over random sequences of updates,
 * stalls, partial writes and time: wherever updates were conflated, a subscriber that applies what it is sent has the
 * reference of that very sequence. {@code -Dpenstock.model.sequences=N} runs more of them.
 */
@Tag("slow")
class ClassModelTest {
    private static final int SEQUENCES = Integer.getInteger("penstock.model.sequences", 1_000) / 2;
    private static final int WIDE_EVERY = 250;
    private static final int[] INTERVALS_MS = {0, 0, 5, 20, 100};
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @ValueSource(strings = {"merge", "order-book"})
    void shouldSendEverySubscriberTheReferenceValueOfItsSequence(final String conflation) {
        long snapshots = 0;
        for (final long seed : seeds.rounds(SEQUENCES)) {
            final Sequence sequence = new Sequence(conflation, seed);
            sequence.run();
            snapshots += sequence.secondSnapshots;
        }
        // that is rare: some hundred sequences may have none
        if (conflation.equals("order-book") && SEQUENCES >= 5_000) {
            assertThat(snapshots).as("images sent again, because what changed was pruned").isPositive();
        }
    }

    private static final class Sequence {
        private final Random random;
        private final ManualThread thread = new ManualThread(1_000_000_000L);
        private final Counters counters = new Counters("shard");
        private final Telemetry telemetry = new Telemetry();
        private final TickPublisher publisher;
        private final Shard shard;
        private final UpdateSlice slices = new UpdateSlice();
        private final List<ClassReference> topics = new ArrayList<>();
        private final Map<String, String> states = new HashMap<>();
        private final List<Client> clients = new ArrayList<>();
        private final int burst;
        private final boolean isJson;
        private final String conflation;
        private long secondSnapshots;

        Sequence(final String conflation, final long seed) {
            random = Seeds.random(seed);
            this.conflation = conflation;
            final boolean wide = seed % WIDE_EVERY == 0;
            // rows are so short that a slow reader is seldom too slow: of every second wide one there are none
            isJson = wide && seed / WIDE_EVERY % 2 == 0;
            burst = wide ? 150 : 12;
            final TickRing ring = new TickRing(random.nextBoolean() ? 4 : 128, wide ? 1 << 16 : 1 << 12);
            final Channel channel = new Channel(0, "data", conflation, true);
            shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(List.of(channel), 7, 0, 1),
                new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 3_600_000_000_000L),
                new SessionLimits(50, 5000, 65536, 1_000_000, 0, 60_000), counters, telemetry.errors());
            publisher = ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake),
                number -> channel.newConflator());
            for (int i = 0; i < 3; i++) {
                topics.add(ClassReference.of(conflation, wide ? 400 : 12));
                publisher.addTopic(0, ("T" + i).getBytes(StandardCharsets.UTF_8), 0, 2);
            }
            new ShardProxy(thread, shard).start();
            thread.run();
        }

        void run() {
            clients.add(new Client());
            for (int step = 0; step < 30; step++) {
                step(clients.get(random.nextInt(clients.size())));
                publisher.flush();
                thread.run();
                clients.forEach(Client::read);
            }
            for (int i = 0; i < 12 || publisher.isBehind(); i++) {
                publisher.flush();
                clients.forEach(client -> {
                    client.socket.takeAll();
                    client.writable();
                });
                thread.advanceMs(50);
            }
            clients.forEach(Client::read);
            for (int i = 0; i < topics.size(); i++) {
                for (final Client client : clients) {
                    assertThat(client.q.getOrDefault("T" + i, 0)).as("newest of T" + i)
                        .isEqualTo(topics.get(i).history.size());
                    assertThat(client.notified.getOrDefault("T" + i, "live")).as("state of T" + i)
                        .isEqualTo(states.getOrDefault("T" + i, "live"));
                }
            }
            assertThat(counters.get(Counter.HANDLER_FAILURES)).isZero();
            assertThat(telemetry.errors().entries()).isEmpty();
        }

        private void step(final Client client) {
            switch (random.nextInt(13)) {
                case 0, 1, 2, 3 -> client.changeReading(400);
                case 4 -> {
                    if (clients.size() < 4) {
                        clients.add(new Client());
                    }
                }
                case 5, 6 -> thread.advanceMs(random.nextInt(60));
                case 7 -> {
                    final int topic = random.nextInt(topics.size());
                    final TopicState state = TopicState.values()[random.nextInt(3)];
                    publisher.topicState(topic, state, "gap", 3);
                    states.put("T" + topic, state.name().toLowerCase(Locale.ROOT));
                }
                default -> {
                    for (int i = random.nextInt(burst); i >= 0; i--) {
                        final int topic = random.nextInt(topics.size());
                        topics.get(topic).update(random, slices);
                        publisher.publish(topic, TickPublisher.NO_TIME, thread.nowNs(), slices);
                        states.put("T" + topic, "live");
                        if (random.nextInt(4) == 0) {
                            publisher.flush();
                            thread.run();
                        }
                    }
                }
            }
            if (random.nextInt(3) == 0) {
                clients.forEach(Client::writable);
            }
        }

        /** A subscriber that does as the protocol says. */
        private final class Client extends FitfulSession {
            private final Map<String, Integer> q = new HashMap<>();
            private final Map<String, Object> views = new HashMap<>();
            private final Map<String, String> notified = new HashMap<>();
            private final boolean deliversAll;
            private long missed;

            Client() {
                super(shard, thread, random, isJson ? WebSocketFormat.PLAIN
                    : WebSocketFormats.any(WebSocketFormat.PLAIN, random));
                deliversAll = random.nextInt(3) == 0;
                session.onRequest(deliversAll ? ShardRig.request("0", Mode.ALL, -1, "*")
                    : ShardRig.request("0", Mode.CONFLATE, INTERVALS_MS[random.nextInt(INTERVALS_MS.length)], "*"));
                thread.run();
            }

            void read() {
                for (final RecordingSocket.Frame frame : socket.takeFrames()) {
                    if (frame.opcode() == 1 && frame.text().contains("\"data\":[")) {
                        ParsedJson.entries(frame.text(), this::entry);
                    } else if (frame.opcode() == 1 && frame.text().startsWith("{\"type\":\"gap\"")) {
                        missed += Long.parseLong(frame.text().replaceAll(".*\"missed\":(\\d+).*", "$1"));
                    } else if (frame.opcode() == 1 && frame.text().contains("\"scope\":\"symbols\"")) {
                        status(ParsedJson.object(ParsedJson.parse(frame.text())));
                    }
                }
            }

            private void status(final Map<?, ?> status) {
                for (final Object symbol : ParsedJson.list(status.get("symbols"))) {
                    final String before = notified.put(ParsedJson.bare(symbol), ParsedJson.bare(status.get("state")));
                    assertThat(before == null ? "live" : before).isNotEqualTo(ParsedJson.bare(status.get("state")));
                }
            }

            private void entry(final Map<?, ?> entry, final boolean snapshot) {
                final String symbol = ParsedJson.bare(entry.get("s"));
                final int newQ = Integer.parseInt((String) entry.get("q"));
                final int conflated = entry.containsKey("c") ? Integer.parseInt((String) entry.get("c")) : 0;
                final Integer before = q.put(symbol, newQ);
                if (deliversAll && !snapshot) {
                    assertThat(conflated).isZero();
                    missed -= newQ - (before == null ? 0 : before) - 1;
                    assertThat(missed).as("updates missing without a gap, before q" + newQ).isGreaterThanOrEqualTo(0);
                } else if (!snapshot) {
                    assertThat(newQ - (before == null ? 0 : before)).as("ledger of " + symbol).isEqualTo(conflated + 1);
                } else if (before != null) {
                    assertThat(newQ).isGreaterThanOrEqualTo(before);
                    secondSnapshots++;
                }
                assertThat(entry.containsKey("st") && !states.containsKey(symbol)).as("marked without a notification")
                    .isFalse();
                final ClassReference reference = topics.get(symbol.charAt(1) - '0');
                final Object view = reference.apply(views.get(symbol), entry.get("v"), snapshot);
                views.put(symbol, view);
                final Object expected = reference.history.get(newQ - 1);
                if (!view.equals(expected)) {
                    assertThat(view).as(conflation + " " + symbol + " q" + newQ).isEqualTo(expected);
                }
            }
        }
    }
}
