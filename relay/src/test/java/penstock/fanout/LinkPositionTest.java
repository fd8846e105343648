package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.ConflationClass;
import penstock.ring.FeedIntroduction;
import penstock.ring.RelayedEpoch;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.EnvelopeReader;
import penstock.testkit.ManualThread;
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;

/**
 * What a relay tells an edge of how far it has everything: at each position the edge has the newest update up to there,
 * of every topic, or one that came later. The relay is an edge itself, which is sent conflated updates.
 */
class LinkPositionTest {
    private static final int TOPICS = 12;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final Random random = seeds.random();
    private final ManualThread thread = new ManualThread(0, 1_795_231_181_329_000L);
    private final Counters counters = new Counters("shard");
    private final Telemetry telemetry = new Telemetry();
    private final TickRing ring = new TickRing(1024, 1 << 23);
    private final Shard shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(List.of(), 0, 0),
        new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 60_000_000_000L),
        new SessionLimits(50, 5000, 65536, 1_000, 0, 60_000), counters, telemetry.errors());
    private final ShardProxy proxy = new ShardProxy(thread, shard);
    private final TickPublisher publisher = ring.publisher(counters, List.of(proxy::wake),
        channel -> new Channel(channel, "any", "last-value", false).newConflator());
    private final RecordingSocket socket = new RecordingSocket(thread, random);
    private final EnvelopeReader envelopes = new EnvelopeReader();
    /** By topic: the positions of its updates; an index is the sequence. */
    private final List<List<Long>> updates = new ArrayList<>();
    private final int[] publishedQ = new int[TOPICS];
    /** What the edge has. */
    private final Map<String, Integer> edgeQ = new HashMap<>();
    private final Session session;
    /** The newest position of the first relay, and of this one. */
    private long p;
    private long published;
    /** The positions that the edge was told. */
    private final List<Long> told = new ArrayList<>();

    LinkPositionTest() {
        proxy.start();
        publisher.relay(new RelayedEpoch(41, true, List.of(new FeedIntroduction(0, 0, "demo", List.of(
            new FeedIntroduction.Channel(0, "quote", ConflationClass.LAST_VALUE, true),
            new FeedIntroduction.Channel(1, "mark", ConflationClass.LAST_VALUE, false)), 0, 0))));
        thread.run();
        for (int topic = 0; topic < TOPICS; topic++) {
            final byte[] symbol = name(topic).getBytes(StandardCharsets.UTF_8);
            assertThat(publisher.addTopic(topic % 2, symbol, 0, symbol.length)).isEqualTo(topic);
            updates.add(new ArrayList<>(List.of(0L)));
            update(topic);
        }
        publishAll(10);
        session = shard.open(socket, new BinaryFormat(WebSocketFormat.PLAIN, "edge"), "test");
        for (final String channel : List.of("quote", "mark")) {
            session.onRequest(new Request.Subscribe("1", channel, channel, ShardRig.patterns("*"), Mode.CONFLATE, 1,
                true));
        }
        pass(10);
    }

    @Test
    void shouldNotTellAPositionBeforeAnUpdateThatWaitsAsAPartOfALaterOne() {
        update(2);
        update(0);
        update(2);
        publish(0, 200_000);
        publish(2, 200_000);
        publishAll(1);
        pass(2);
        assertThat(told).last().isEqualTo(p);
    }

    @RepeatedTest(6)
    void shouldTellPositionsUpToWhichAllWasSent() {
        for (int step = 0; step < 200; step++) {
            for (int i = random.nextInt(20); i > 0; i--) {
                update(random.nextInt(random.nextInt(2) == 0 ? 3 : TOPICS));
            }
            if (random.nextInt(3) == 0) {
                publishAll(60_000);
            } else {
                inOrder().stream().filter(topic -> random.nextInt(3) > 0)
                    .forEach(topic -> publish(topic, 1 + random.nextInt(60_000)));
                publisher.flush();
            }
            if (random.nextInt(4) == 0) {
                socket.takeOnly(random.nextInt(400_000));
            } else if (random.nextInt(4) == 0) {
                socket.takeAll();
            }
            session.onWritable();
            pass(random.nextInt(3));
        }
        socket.takeAll();
        session.onWritable();
        publishAll(1);
        pass(50);
        assertThat(told).last().isEqualTo(p);
    }

    /** A link that never has everything: the positions go on all the same. */
    @Test
    void shouldTellPositionsToALinkThatIsAlwaysBehind() {
        for (int step = 0; step < 200; step++) {
            for (int topic = 0; topic < TOPICS; topic++) {
                update(topic);
            }
            publishAll(100_000);
            socket.takeOnly(300_000);
            session.onWritable();
            pass(1);
            if (step > 50) {
                assertThat(told).last(LONG).isGreaterThan(p - 20 * TOPICS);
            }
        }
    }

    /** They say which relays are in front of this one, and data may never pause. */
    @Test
    void shouldSendALinkHeartbeatsAmongDataToo() {
        int heartbeats = 0;
        for (int step = 0; step < 40; step++) {
            update(0);
            publishAll(10);
            thread.advanceMs(50);
            heartbeats += (int) socket.takeFrames().stream()
                .filter(frame -> frame.plain().startsWith("{\"type\":\"heartbeat\"")).count();
        }
        assertThat(heartbeats).as("in two seconds").isBetween(6, 8);
    }

    private static String name(final int topic) {
        return "T" + topic;
    }

    private long newest(final int topic) {
        return updates.get(topic).get(updates.get(topic).size() - 1);
    }

    /** Topics by their newest updates. */
    private List<Integer> inOrder() {
        return IntStream.range(0, TOPICS).boxed().sorted(Comparator.comparingLong(this::newest)).toList();
    }

    /** The first relay has an update. */
    private void update(final int topic) {
        updates.get(topic).add(++p);
    }

    /** This relay is sent the newest value of a topic, which stands for those before it. */
    private void publish(final int topic, final int bytes) {
        final int q = updates.get(topic).size() - 1;
        if (q > publishedQ[topic] && newest(topic) > published) {
            final byte[] value = ('"' + "v".repeat(bytes) + '"').getBytes(StandardCharsets.US_ASCII);
            publisher.publish(topic, q, newest(topic), 0, TickPublisher.NO_TIME, thread.nowNs(),
                new UpdateSlice().set(value, 0, value.length, 0, value.length));
            publishedQ[topic] = q;
            published = newest(topic);
        }
    }

    /** And everything up to here, with values of that many bytes at most. */
    private void publishAll(final int most) {
        for (int topic = 0; topic < TOPICS; topic++) {
            if (publishedQ[topic] < updates.get(topic).size() - 1 && newest(topic) < published) {
                update(topic);
            }
        }
        inOrder().forEach(topic -> publish(topic, 1 + random.nextInt(most)));
        publisher.complete(p);
        publisher.flush();
    }

    private void pass(final int ms) {
        thread.advanceMs(ms);
        for (final RecordingSocket.Frame frame : socket.takeFrames()) {
            if (frame.isBinary()) {
                final Map<?, ?> message = ParsedJson.object(ParsedJson.parse(
                    envelopes.read(frame.plain().getBytes(StandardCharsets.ISO_8859_1))));
                for (final Object each : ParsedJson.list(message.get("data"))) {
                    final Map<?, ?> entry = ParsedJson.object(each);
                    edgeQ.put(ParsedJson.bare(entry.get("s")), Integer.parseInt((String) entry.get("q")));
                }
            } else {
                envelopes.readText(frame.text());
                final Map<?, ?> message = ParsedJson.object(ParsedJson.parse(frame.text()));
                if ("\"position\"".equals(message.get("type"))) {
                    onPosition(Long.parseLong((String) message.get("p")));
                }
            }
        }
    }

    private void onPosition(final long at) {
        told.add(at);
        for (int topic = 0; topic < TOPICS; topic++) {
            final long due = updates.get(topic).stream().filter(each -> each <= at).count() - 1;
            assertThat(edgeQ.getOrDefault(name(topic), 0)).as("%s at %d", name(topic), at)
                .isGreaterThanOrEqualTo((int) due);
        }
    }
}
