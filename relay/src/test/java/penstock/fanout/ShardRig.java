package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import penstock.audit.AuditLog;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.telemetry.Counters;
import penstock.telemetry.LatencyRecorder;
import penstock.telemetry.ShardLatencies;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/** A shard with a hand-turned clock, a feed of numbered values and sockets that record. */
final class ShardRig {
    final ManualThread thread;
    final Counters counters = new Counters("fanout-0");
    final Telemetry telemetry = new Telemetry();
    final ShardLatencies latencies = new ShardLatencies();
    final LatencyRecorder ingest = new LatencyRecorder();
    final MemoryShare memory;
    final ModelFeed feed;
    final Shard shard;
    /** The lines of the audit log. */
    final List<String> audited = new ArrayList<>();

    ShardRig(final SessionLimits limits) {
        this(limits, MemoryShare.unlimited());
    }

    ShardRig(final SessionLimits limits, final MemoryShare memory) {
        this(limits, 4096, 4 << 20,
            List.of(new Channel(0, "quote", "last-value", true, memory),
            new Channel(1, "kline", "last-value", false, memory)), memory);
    }

    /** Symbols that begin with {@code T.} are of the second channel. */
    ShardRig(final SessionLimits limits, final int slots, final long journalBytes, final List<Channel> channels) {
        this(limits, slots, journalBytes, channels, MemoryShare.unlimited());
    }

    ShardRig(final SessionLimits limits, final int slots, final long journalBytes,
            final List<Channel> channels, final MemoryShare memory) {
        this(new ManualThread(1_000_000_000L), limits, slots, journalBytes, channels, memory);
    }

    ShardRig(final ManualThread thread, final SessionLimits limits, final int slots, final long journalBytes,
            final List<Channel> channels, final MemoryShare memory) {
        this.thread = thread;
        this.memory = memory;
        final TickRing ring = new TickRing(slots, 1 << 20);
        final TopicTable topics = new TopicTable(channels, 7, 0, journalBytes);
        final SessionTimeouts timeouts =
            new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 60_000_000_000L);
        shard = new Shard(thread, ring.poller(counters), topics,
            new SessionSettings("0", 100, timeouts, limits),
            new ShardMetrics(counters, telemetry.errors(), latencies, memory,
                new AuditLog(line -> audited.add(line.toString()), 1, 0, System::nanoTime), null));
        final TickPublisher publisher = ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake),
            channel -> channels.get(channel).newConflator());
        publisher.measure(ingest, thread::nowNs);
        feed = new ModelFeed(publisher, symbol -> symbol.startsWith("T.") ? 1 : 0);
        new ShardProxy(thread, shard).start();
        thread.run();
    }

    ShardRig() {
        this(new SessionLimits(3, 10, 65536, 20, 0, 60_000));
    }

    /** One channel of quotes and a ring of that many slots, without a journal. */
    static ShardRig ofQuotes(final int slots) {
        return new ShardRig(new SessionLimits(3, 10, 65536, 20, 0, 60_000), slots, 0,
            List.of(new Channel(0, "quote", "last-value", true)));
    }

    RecordingSocket socket() {
        return new RecordingSocket(thread, new Random(1));
    }

    Session open(final RecordingSocket socket, final SessionFormat format) {
        final Session session = shard.open(socket, format, "test");
        thread.run();
        return session;
    }

    /** A session that was sent EURUSD 1 ms ago and holds it for 18 ms: wake-ups coalesce until then. */
    Session openHolding(final RecordingSocket socket) {
        tick("EURUSD");
        final Session session = open(socket, WebSocketFormat.PLAIN);
        subscribe(session, "0", 18, "EURUSD");
        texts(socket);
        thread.advanceMs(1);
        return session;
    }

    void tick(final String... symbols) {
        for (final String symbol : symbols) {
            feed.tick(symbol, thread.nowNs());
        }
        feed.flush();
        thread.run();
    }

    void state(final TopicState state, final String reason, final String... symbols) {
        for (final String symbol : symbols) {
            feed.state(symbol, state, reason);
        }
        feed.flush();
        thread.run();
    }

    void subscribe(final Session session, final String sub, final int intervalMs, final String... symbols) {
        session.onRequest(request(sub, Mode.CONFLATE, intervalMs, symbols));
        thread.run();
    }

    static Request.Subscribe request(final String sub, final Mode mode, final int intervalMs, final String... symbols) {
        return new Request.Subscribe("1", sub, null, patterns(symbols), mode, intervalMs, true);
    }

    static List<SymbolPattern> patterns(final String... symbols) {
        return java.util.Arrays.stream(symbols).map(symbol -> {
            try {
                return SymbolPattern.of(symbol);
            } catch (final RequestException e) {
                throw new IllegalArgumentException(e);
            }
        }).toList();
    }

    /** Texts since the last call. */
    static List<String> texts(final RecordingSocket socket) {
        return socket.takeFrames().stream().map(RecordingSocket.Frame::text).toList();
    }
}
