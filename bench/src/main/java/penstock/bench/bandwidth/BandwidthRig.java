package penstock.bench.bandwidth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import penstock.audit.AuditLog;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardMetrics;
import penstock.fanout.ShardProxy;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.RowsFormat;
import penstock.memory.MemoryShare;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.telemetry.ShardLatencies;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.SinkSocket;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.venue.Venue;
import penstock.venue.VenueListener;
import penstock.venue.rule.ByteTable;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * A recording on its way through the venue's rules, the ring and one shard to sockets that count, on a clock that goes
 * by the recording: hours take seconds, and the bytes are the same each time. One thread.
 */
final class BandwidthRig implements VenueListener {
    private static final long NEVER = Long.MAX_VALUE / 4;
    private static final int WINDOW_BITS = 15;

    private final Venue venue;
    private final int channel;
    private final Counters counters = new Counters("fanout-0");
    private final WebSocketFormats formats = new WebSocketFormats(counters);
    private final Shard shard;
    private final TickPublisher publisher;
    private final ByteTable<Integer> topics = new ByteTable<>();
    private final ManualThread thread;
    private long updates;

    /** {@code channelName}: the one that is measured. */
    BandwidthRig(final String venueName, final String channelName, final long startNs) {
        venue = Venue.load(venueName, variable -> "key");
        thread = new ManualThread(startNs, 0);
        final List<Channel> channels = new ArrayList<>();
        venue.channels().forEach(spec -> channels.add(new Channel(channels.size(), spec.name(),
            spec.conflation().name().toLowerCase(Locale.ROOT).replace('_', '-'), spec.isDefault())));
        channel = channels.stream().filter(each -> each.name().equals(channelName)).findFirst().orElseThrow().index();
        final Telemetry telemetry = new Telemetry();
        final TickRing ring = new TickRing(16384, 8 << 20);
        shard = new Shard(thread, ring.poller(counters), new TopicTable(channels, 1_795_197_922_000L, 0),
            new SessionSettings("0.1.0", 100, new SessionTimeouts(NEVER, NEVER, NEVER, NEVER),
            new SessionLimits(50, 5000, 65536, 1_000_000, 0, 60_000)),
            new ShardMetrics(counters, telemetry.errors(), new ShardLatencies(),
            MemoryShare.unlimited(), new AuditLog(), null));
        publisher = ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake),
            number -> channels.get(number).newConflator());
    }

    /** A session that asks for every symbol on these terms, and agreed on rows and permessage-deflate or not. */
    SinkSocket open(final String channelName, final SubscriptionOptions terms, final boolean hasRows,
            final boolean deflates) {
        final SinkSocket socket = new SinkSocket();
        try {
            final FrameFormat frames = formats.of(deflates ? WINDOW_BITS : 0);
            shard.open(socket, hasRows ? new RowsFormat(frames) : frames, "bench")
                .onRequest(new Request.Subscribe(null, "0", channelName,
                List.of(SymbolPattern.of("*")), true, null, terms));
        } catch (final RequestException e) {
            throw new IllegalStateException(e);
        }
        thread.run();
        socket.resetBytes();
        return socket;
    }

    /** A frame came at that time. */
    void onFrame(final byte[] frame, final long atNs) {
        advance(atNs);
        venue.onText(frame, 0, frame.length, atNs, this);
        publisher.flush();
        thread.run();
    }

    /** Advances the clock. */
    void advance(final long untilNs) {
        thread.advanceToNs(untilNs);
    }

    /** Updates of the measured channel. */
    long updates() {
        return updates;
    }

    @Override
    public void onUpdate(final int of, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final long timeUs,
                         final UpdateSlice slices) {
        if (of == channel) {
            Integer topic = topics.get(symbol, symbolOffset, symbolLength);
            if (topic == null) {
                topic = publisher.addTopic(of, symbol, symbolOffset, symbolLength);
                topics.put(symbol, symbolOffset, symbolLength, topic);
            }
            updates++;
            publisher.publish(topic, timeUs, thread.nowNs(), slices);
        }
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        // answers to the recorder's requests
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
        throw new IllegalStateException("the rules do not know a frame");
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        throw new IllegalStateException("no JSON");
    }

    @Override
    public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
        throw new IllegalStateException(what);
    }

    @Override
    public void onSymbolCollision(final byte[] symbol, final int offset, final int length) {
        // the recordings have none
    }

    @Override
    public void onBadNumber(final int channel, final byte[] frame, final int offset, final int length) {
        // published unchecked
    }

    @Override
    public void onDuplicate(final int of) {
        // not published
    }

    @Override
    public void onGap(final int of, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final GapAction action,
                      final long expected, final long got) {
        // values only: the next one is good
    }
}
