package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.telemetry.Counters;
import penstock.testkit.ManualClock;
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;

/**
 * A relay publishes what chance makes, over a line that takes a part of each write and is cut at any byte: in the end
 * the edge has the same values, numbers and states, and on the way it never says more than it has.
 */
class RandomLinkTest {
    private static final int ROUNDS = Integer.getInteger("penstock.link.rounds", 30);
    private static final int STEPS = 150;
    private static final long NO_TIME = TickPublisher.NO_TIME;

    @RegisterExtension
    final Seeds seeds = new Seeds();

    private final ManualClock clock = new ManualClock();
    private SmallRelay origin;
    private int changes;
    private int cuts;
    private int losses;

    /** A relay with its link to another one. */
    private final class Hop {
        private final SmallRelay source;
        private final MirrorTarget target = new MirrorTarget();
        private final LinkInterest interest = new LinkInterest(clock, 100, null);
        private final LinkPlan plan;
        private final LinkReplica replica;
        private SmallRelay.Client client;
        private LinkTalk talk;

        Hop(final SmallRelay source, final int number) {
            this.source = source;
            plan = LinkPlan.of(List.of("ws://127.0.0.1:1"), "edge~" + number, 100);
            replica = new LinkReplica(plan, target, new Counters("feed"), clock);
        }

        void connect(final Random random) {
            client = source.connect();
            if (random.nextInt(4) > 0) {
                client.socket.beFickle();
            }
            talk = new LinkTalk(new LinkTalk.Parts(plan, replica, interest, target, clock), client::send,
                welcome -> { }, () -> { });
        }

        /** The link is gone for so long that its values are stale. */
        void lose() {
            if (!replica.feeds().isCut()) {
                losses++;
                replica.cut("upstream_silent", -1);
                target.flush();
            }
        }

        void pump() {
            for (List<RecordingSocket.Frame> frames = client.take(); !frames.isEmpty(); frames = client.take()) {
                for (final RecordingSocket.Frame frame : frames) {
                    final byte[] bytes = frame.isBinary() ? frame.plain().getBytes(StandardCharsets.ISO_8859_1)
                        : frame.text().getBytes(StandardCharsets.UTF_8);
                    if (frame.isBinary()) {
                        talk.onBinary(bytes, 0, bytes.length, clock.nowNs());
                    } else {
                        talk.onText(bytes, 0, bytes.length);
                    }
                }
                talk.onBatchEnd();
            }
            target.flush();
        }

        /** What was published is all that the first relay had up to the position that was released. */
        void checkReleased() {
            final Map<String, String> here = target.edge.numbers();
            origin.numbers().forEach((name, numbers) -> {
                final long p = Long.parseLong(numbers.replaceAll(".* p(\\d+) .*", "$1"));
                if (p <= replica.completed()) {
                    assertThat(here.get(name)).as(name).startsWith(numbers.substring(0, numbers.lastIndexOf(' ')));
                }
            });
        }
    }

    /** A topic of the relay; null number: it is forgotten. */
    private final class Topic {
        private final int channel;
        private final String symbol;
        private int number;
        private boolean hasBook;

        Topic(final int channel, final String symbol) {
            this.channel = channel;
            this.symbol = symbol;
            number = origin.topic(channel, symbol);
        }

        void happen(final Random random) {
            switch (random.nextInt(14)) {
                case 0 -> origin.publisher.topicState(number, TopicState.STALE, "silent", random.nextInt(99));
                case 1 -> origin.publisher.topicState(number, TopicState.LIVE, null, random.nextInt(99));
                case 2 -> {
                    origin.publisher.forgetTopic(number);
                    number = origin.topic(channel, symbol);
                    hasBook = false;
                }
                default -> update(random);
            }
        }

        private void update(final Random random) {
            switch (channel) {
                case SmallRelay.QUOTE -> quote(random);
                case SmallRelay.TICKER -> ticker(random);
                case SmallRelay.TRADE -> {
                    if (random.nextInt(9) == 0) {
                        origin.publisher.missed(number, 1 + random.nextInt(3));
                    }
                    origin.value(number, random.nextInt(1_000), "{\"id\":" + random.nextInt(1_000) + '}');
                }
                default -> book(random);
            }
        }

        private void quote(final Random random) {
            final String value = "[" + "7".repeat(random.nextInt(40)) + random.nextInt(9) + ']';
            if (random.nextBoolean()) {
                origin.value(number, NO_TIME, value);
            } else {
                origin.emitted(number, "{\"payload\":" + value + '}', value);
            }
        }

        private void ticker(final Random random) {
            // an update that changes nothing is no change of fields, and is not sent
            final StringBuilder value = new StringBuilder("\"n\":" + ++changes);
            for (final String field : List.of("a", "b", "c\\\"", "d")) {
                if (random.nextBoolean()) {
                    value.append(",\"").append(field).append("\":")
                        .append(hasBook && random.nextInt(4) == 0 ? "null" : random.nextInt(3));
                }
            }
            origin.publish(number, NO_TIME, hasBook && random.nextInt(5) > 0 ? UpdateKind.DELTA : UpdateKind.SNAPSHOT,
                "{" + value.toString().replace("null", hasBook ? "null" : "1") + '}');
            hasBook = true;
        }

        private void book(final Random random) {
            final UpdateKind kind = hasBook && random.nextInt(6) > 0 ? UpdateKind.DELTA : UpdateKind.SNAPSHOT;
            final List<String> levels = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                final int price = random.nextInt(5);
                if (levels.stream().noneMatch(level -> level.startsWith("b" + price))) {
                    levels.add("b" + price + ".0=" + (kind == UpdateKind.DELTA && random.nextBoolean() ? ""
                        : 1 + random.nextInt(3)));
                }
            }
            origin.book(number, kind, levels.toArray(String[]::new));
            hasBook = true;
        }
    }

    @Test
    void shouldHaveTheSameInTheEnd() {
        run(1, true);
    }

    @Test
    void shouldHaveTheSameBehindAnotherEdgeInTheEnd() {
        run(2, true);
    }

    @Test
    void shouldHaveTheSameAtEdgesThatAreServedTogetherInTheEnd() {
        run(3, false);
    }

    /** {@code isChain}: each edge is behind the one before, not all of them behind the first relay. */
    private void run(final int count, final boolean isChain) {
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Random random = Seeds.random(seed);
            origin = new SmallRelay();
            changes = 0;
            final List<Hop> hops = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                hops.add(new Hop(i == 0 || !isChain ? origin : hops.get(i - 1).target.edge, i));
            }
            final List<Topic> topics = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                topics.add(new Topic(i % 4, "S" + i));
            }
            origin.live();
            for (final Hop hop : hops) {
                hop.connect(random);
                hop.pump();
            }
            run(topics, hops, random);
            finish(hops);
            for (final Hop hop : hops) {
                assertThat(values(hop.target.edge)).isEqualTo(values(origin));
                assertThat(hop.target.edge.numbers()).isEqualTo(origin.numbers());
                assertThat(hop.target.positions).isSorted();
                assertThat(hop.replica.heldCount()).isZero();
            }
        }
        assertThat(cuts).isPositive();
        assertThat(losses).isPositive();
    }

    private void run(final List<Topic> topics, final List<Hop> hops, final Random random) {
        boolean isLive = true;
        for (int step = 0; step < STEPS; step++) {
            for (int n = isLive ? random.nextInt(4) : 0; n > 0; n--) {
                topics.get(random.nextInt(topics.size())).happen(random);
            }
            if (random.nextInt(isLive ? 40 : 10) == 0) {
                isLive ^= true;
                origin.publisher.feedState(0, isLive ? FeedState.LIVE : FeedState.STALE,
                    isLive ? null : "upstream_gap", step, -1);
            }
            origin.turn();
            origin.thread.advanceMs(random.nextInt(3));
            for (final Hop hop : hops) {
                hop.source.thread.advanceMs(1);
                if (random.nextInt(30) == 0) {
                    hop.connect(random);
                    cuts++;
                } else if (random.nextInt(30) == 0) {
                    hop.lose();
                    hop.connect(random);
                } else if (random.nextInt(3) > 0) {
                    hop.pump();
                    hop.checkReleased();
                }
            }
        }
    }

    /** The images. The order of the fields of a merged value is not compared: it is that of their first changes. */
    private static Map<String, Object> values(final SmallRelay relay) {
        final Map<String, Object> values = new TreeMap<>();
        relay.images().forEach((name, image) -> {
            final int end = image.lastIndexOf('}') + 1;
            values.put(name, name.startsWith("ticker") ? List.of(ParsedJson.parse(image.substring(0, end)),
                image.substring(end)) : image);
        });
        return values;
    }

    private void finish(final List<Hop> hops) {
        hops.forEach(hop -> hop.client.socket.takeAll());
        for (int i = 0; i < 5; i++) {
            origin.turn();
            for (final Hop hop : hops) {
                hop.source.thread.advanceMs(50);
                hop.pump();
            }
        }
    }
}
