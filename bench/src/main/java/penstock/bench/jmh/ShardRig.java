package penstock.bench.jmh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import penstock.bench.NullSocket;
import penstock.fanout.SessionKind;
import penstock.fanout.Settings;
import penstock.fanout.Shard;
import penstock.fanout.ShardThread;
import penstock.ring.Slices;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Limits;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.Subscribe;
import penstock.wire.SymbolPattern;
import penstock.wire.Terms;

/** A shard with its ring, sessions on sockets that take everything, and a clock that moves when told. One thread. */
final class ShardRig implements ShardThread {
    static final int TOPICS = 1000;

    final TickPublisher publisher;
    final List<NullSocket> sockets = new ArrayList<>();
    private final Shard shard;
    private final Counters counters = new Counters("fanout-0");
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final int[] topics = new int[TOPICS];
    private final Slices slices = new Slices();
    private final byte[][] frames = new byte[TOPICS][];
    private long nowNs = 1_000_000_000L;

    ShardRig() {
        this("last-value");
        for (int i = 0; i < TOPICS; i++) {
            tick(i);
        }
        turn();
    }

    /** Topics of another class, which begin without a value. */
    ShardRig(final String conflation) {
        final Channel channel = new Channel(0, "quote", conflation, true);
        final Telemetry telemetry = new Telemetry();
        final TickRing ring = new TickRing(16384, 8 << 20);
        final Settings settings = new Settings("bench", "0", 100, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4,
            Long.MAX_VALUE / 4, new Limits(50, 5000, 65536, 1_000_000, 0, 60_000));
        shard = new Shard(this, ring.poller(counters), new TopicTable(List.of(channel), 1, 0), settings, counters,
            telemetry.errors(), telemetry.latency("queue", "q", "0"), telemetry.latency("dwell", "d", "0"));
        publisher = ring.publisher(counters, List.of(shard::wake), number -> channel.newFolding());
        for (int i = 0; i < TOPICS; i++) {
            final byte[] symbol = String.format("FX%04d", i).getBytes(StandardCharsets.UTF_8);
            topics[i] = publisher.addTopic(0, symbol, 0, symbol.length);
            frames[i] = ("{\"symbol\":\"" + new String(symbol, StandardCharsets.UTF_8)
                + "\",\"bid\":1.10342,\"ask\":1.10344,\"mid\":1.10343,\"ts\":1795197922737123,\"seq\":81234}")
                .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Sessions, each on {@code count} topics that begin at another one. */
    void open(final int sessions, final int count, final SessionKind kind, final int intervalMs) {
        open(sessions, count, kind, Mode.CONFLATE, intervalMs);
    }

    /** The same of mode all. */
    void openLossless(final int sessions, final int count) {
        open(sessions, count, SessionKind.PROTOCOL, Mode.ALL, -1);
    }

    private void open(final int sessions, final int count, final SessionKind kind, final Mode mode, final int intervalMs) {
        try {
            for (int s = 0; s < sessions; s++) {
                final List<SymbolPattern> patterns = new ArrayList<>();
                if (count == TOPICS) {
                    patterns.add(SymbolPattern.of("*"));
                }
                for (int i = 0; i < count && count < TOPICS; i++) {
                    patterns.add(SymbolPattern.of(String.format("FX%04d", (s * 7 + i * (TOPICS / count)) % TOPICS)));
                }
                final NullSocket socket = new NullSocket();
                sockets.add(socket);
                shard.open(socket, kind, "bench").onRequest(new Subscribe(null, "0", null, patterns, mode, intervalMs, true));
            }
        } catch (final RequestException e) {
            throw new IllegalStateException(e);
        }
        turn();
    }

    /** A session on all topics, on these terms; {@code windowBits} 0: not compressed. */
    void open(final SessionKind kind, final Terms terms, final int windowBits) {
        try {
            final NullSocket socket = new NullSocket();
            sockets.add(socket);
            shard.open(socket, kind, "bench", windowBits)
                .onRequest(new Subscribe(null, "0", null, List.of(SymbolPattern.of("*")), true, null, terms));
        } catch (final RequestException e) {
            throw new IllegalStateException(e);
        }
        turn();
    }

    /** What the shard counted. */
    long count(final Counter counter) {
        return counters.get(counter);
    }

    /** Sessions on all topics; {@code windowBits} 0: not compressed. Only with other names are they sent other bytes. */
    void openDeflating(final int sessions, final int windowBits, final boolean isNamed) {
        try {
            final List<SymbolPattern> all = List.of(SymbolPattern.of("*"));
            for (int s = 0; s < sessions; s++) {
                final NullSocket socket = new NullSocket();
                sockets.add(socket);
                final String sub = isNamed ? "n" + s : "name";
                shard.open(socket, SessionKind.PROTOCOL, "bench", windowBits)
                    .onRequest(new Subscribe(null, sub, null, all, Mode.CONFLATE, 0, true));
            }
        } catch (final RequestException e) {
            throw new IllegalStateException(e);
        }
        turn();
    }

    void tick(final int topic) {
        final byte[] frame = frames[topic];
        publisher.publish(topics[topic], 1_795_197_922_737_123L, nowNs, slices.set(frame, 0, frame.length, 0, frame.length));
    }

    void publish(final int topic, final Slices update) {
        publisher.publish(topics[topic], 1_795_197_922_737_123L, nowNs, update);
    }

    /** The end of a batch: wakes the shard and runs its turn. */
    void turn() {
        publisher.flush();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    void advanceMs(final long ms) {
        nowNs += ms * 1_000_000;
    }

    /** Runs a turn of the shard even if nothing was published. */
    void wake() {
        shard.wake();
        turn();
    }

    @Override
    public void execute(final Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeAfter(final Runnable task, final long delayMs) {
        // the benchmark turns the shard itself
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long epochUs(final long atNs) {
        return 1_795_197_922_000_000L + atNs / 1000;
    }
}
