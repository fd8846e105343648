package penstock.bench.jmh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardProxy;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.SinkSocket;
import penstock.testkit.TestShards;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/** A shard with its ring, sessions on sockets that take everything, and a manual clock. One thread. */
final class ShardRig {
    static final int TOPICS = 1000;
    private static final List<SymbolPattern> ALL = List.of(pattern("*"));

    final TickPublisher publisher;
    final List<SinkSocket> sockets = new ArrayList<>();
    private final Shard shard;
    private final ShardProxy proxy;
    private final Counters counters = new Counters("fanout-0");
    final WebSocketFormats formats = new WebSocketFormats(counters);
    private final ManualThread thread = new MeasuredThread();
    private final int[] topics;
    private final UpdateSlice slices = new UpdateSlice();
    private final byte[][] frames;

    ShardRig() {
        this("last-value");
        for (int i = 0; i < TOPICS; i++) {
            tick(i);
        }
        turn();
    }

    /** Topics of another class, which begin without a value. */
    ShardRig(final String conflation) {
        this(conflation, 1, TOPICS);
    }

    /** Topics spread over several channels, without a value at first. */
    ShardRig(final String conflation, final int channelCount, final int topicCount) {
        topics = new int[topicCount];
        frames = new byte[topicCount][];
        final List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < channelCount; i++) {
            channels.add(new Channel(i, i == 0 ? "quote" : "quote" + i, conflation, i == 0));
        }
        final Telemetry telemetry = new Telemetry();
        final TickRing ring = new TickRing(16384, 8 << 20);
        shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(channels, 1, 0),
            new SessionTimeouts(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4),
            new SessionLimits(50, 5000, 65536, 1_000_000, 0, 60_000), counters, telemetry.errors());
        proxy = new ShardProxy(thread, shard);
        publisher = ring.publisher(counters, List.of(proxy::wake), number -> channels.get(number).newConflator());
        for (int i = 0; i < topicCount; i++) {
            final byte[] symbol = String.format("FX%04d", i).getBytes(StandardCharsets.UTF_8);
            topics[i] = publisher.addTopic(i % channelCount, symbol, 0, symbol.length);
            frames[i] = ("{\"symbol\":\"" + new String(symbol, StandardCharsets.UTF_8)
                + "\",\"bid\":1.10342,\"ask\":1.10344,\"mid\":1.10343,\"ts\":1795197922737123,\"seq\":81234}")
                .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Sessions, each on {@code count} topics that begin at another one. */
    void open(final int sessions, final int count, final SessionFormat format, final int intervalMs) {
        open(sessions, count, format, Mode.CONFLATE, intervalMs);
    }

    /** The same of mode all. */
    void openLossless(final int sessions, final int count) {
        open(sessions, count, WebSocketFormat.PLAIN, Mode.ALL, -1);
    }

    private void open(final int sessions, final int count, final SessionFormat format, final Mode mode,
            final int intervalMs) {
        for (int s = 0; s < sessions; s++) {
            final List<String> symbols = new ArrayList<>();
            for (int i = 0; i < count && count < TOPICS; i++) {
                symbols.add(String.format("FX%04d", (s * 7 + i * (TOPICS / count)) % TOPICS));
            }
            final List<SymbolPattern> wanted = count == TOPICS ? ALL : symbols.stream().map(ShardRig::pattern).toList();
            ask(format, new Request.Subscribe(null, "0", null, wanted, mode, intervalMs, true));
        }
        turn();
    }

    /** A session on all topics, on these terms. */
    void open(final SessionFormat format, final SubscriptionOptions terms) {
        ask(format, new Request.Subscribe(null, "0", null, ALL, true, null, terms));
        turn();
    }

    /**
     * Sessions on all topics; {@code windowBits} 0: not compressed. Only with other names are they sent other bytes.
     */
    void openDeflating(final int sessions, final int windowBits, final boolean isNamed) {
        for (int s = 0; s < sessions; s++) {
            final String sub = isNamed ? "n" + s : "name";
            ask(formats.of(windowBits), new Request.Subscribe(null, sub, null, ALL, Mode.CONFLATE, 0, true));
        }
        turn();
    }

    private void ask(final SessionFormat format, final Request.Subscribe request) {
        final SinkSocket socket = new SinkSocket();
        sockets.add(socket);
        shard.open(socket, format, "bench").onRequest(request);
    }

    private static SymbolPattern pattern(final String text) {
        try {
            return SymbolPattern.of(text);
        } catch (final RequestException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the shard counted. */
    long count(final Counter counter) {
        return counters.get(counter);
    }

    void tick(final int topic) {
        final byte[] frame = frames[topic];
        publisher.publish(topics[topic], 1_795_197_922_737_123L, thread.nowNs(),
            slices.set(frame, 0, frame.length, 0, frame.length));
    }

    void publish(final int topic, final UpdateSlice update) {
        publisher.publish(topics[topic], 1_795_197_922_737_123L, thread.nowNs(), update);
    }

    /** The end of a batch: wakes the shard and runs its turn. */
    void turn() {
        publisher.flush();
        thread.runTasks();
    }

    void advanceMs(final long ms) {
        thread.spendNs(ms * 1_000_000);
    }

    /** Runs a turn of the shard even if nothing was published. */
    void wake() {
        proxy.wake();
        turn();
    }

    /** The benchmark turns the shard itself: timers would only make garbage. */
    private static final class MeasuredThread extends ManualThread {
        MeasuredThread() {
            super(1_000_000_000L, 1_795_197_922_000_000L);
        }

        @Override
        public void executeAfter(final Runnable task, final long delayMs) {
            // never
        }
    }
}
