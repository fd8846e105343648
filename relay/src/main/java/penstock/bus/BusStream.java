package penstock.bus;

import io.nats.client.impl.Headers;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import penstock.audit.Termination;
import penstock.fanout.Session;
import penstock.fanout.Shard;
import penstock.fanout.format.BinaryFormat;
import penstock.identity.Identity;
import penstock.nats.BusHeaders;
import penstock.nats.NatsConnection;
import penstock.ring.ConflationClass;
import penstock.thread.ThreadOwner;
import penstock.topic.Channel;
import penstock.wire.ChannelName;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * One partition of a feed: a session whose writes become messages of the bus. If the bus has no room, the session is
 * blocked, and conflates like that of a slow reader. Owned by the shard's io thread.
 */
final class BusStream extends BusTransport {
    /** A reader that hears nothing for a second knows that something is lost. */
    private static final long ALIVE_EVERY_NS = 250_000_000;
    /** Subscriptions take longer only if one was refused. */
    private static final long READY_WITHIN_NS = 1_000_000_000;
    private static final byte[] NOTHING = {};

    private final ThreadOwner owner = new ThreadOwner();
    private final Shard shard;
    private final NatsConnection connection;
    private final BusCounts counts;
    private final BusShared shared;
    private final BinaryFormat format;
    private final String feed;
    private final String subject;
    private final int partition;
    private final Set<String> channels = new HashSet<>();
    private long epoch;
    private Session session;
    private long seq;
    private long sentNs;
    private long missed;
    /** All channels are subscribed to: a position is true of all of them. */
    private boolean isReady;
    private long openedNs;

    /** Of that feed; publishes nothing yet. */
    BusStream(final Shard shard, final BusShared shared, final BinaryFormat format, final String feed,
            final String subject, final int partition) {
        this.shard = shard;
        this.shared = shared;
        this.format = format;
        this.feed = feed;
        this.subject = subject;
        this.partition = partition;
        connection = shared.connection();
        counts = shared.counts();
        // a relay that publishes the epoch of another one goes on above the numbers of its last run
        seq = shard.clock().epochUs(shard.clock().nowNs());
    }

    /** Publishes these channels. A session that has ended is replaced; its readers see a number missing. */
    void follow(final List<Channel> wanted) {
        assert owner.check();
        if (session == null || !session.isOpen()) {
            end();
            seq++;
            epoch = shard.topics().epoch();
            isReady = false;
            openedNs = shard.clock().nowNs();
            session = shard.open(this, format, "bus:" + subject + '.' + partition, Identity.BUS, "bus");
        }
        for (final Channel channel : wanted) {
            if (isServed(channel) && channels.add(channel.name())) {
                session.onRequest(request(channel, false));
            }
        }
    }

    /** Publishes nothing any more. */
    void end() {
        assert owner.check();
        if (session != null) {
            session.onDisconnected(Termination.FINISHED);
            session = null;
            missed = 0;
        }
        channels.clear();
    }

    /** Goes on if there is room again, and shows that it is alive. */
    void tick(final long nowNs) {
        assert owner.check();
        if (session == null) {
            return;
        }
        isReady |= session.inspected().subscriptions().size() >= channels.size()
            || nowNs - openedNs >= READY_WITHIN_NS;
        if (isWaiting() && isReady && connection.hasRoom(false)) {
            session.onWritable();
        }
        final long now = session.inspected().subscriptions().missed();
        counts.onMissed(Math.max(0, now - missed));
        missed = now;
        if (!isWaiting() && shard.topics().position() > session.inspected().subscriptions().sentPosition()) {
            // readers that keep the order of all partitions wait for the position of this one, too
            shard.onPending(session.inspected().profile().number(), true);
        }
        if (nowNs - sentNs >= ALIVE_EVERY_NS && connection.hasRoom(false)) {
            sentNs = nowNs;
            connection.publish(subject(), BusHeaders.ofStream(shared.relays(), epoch, seq, false), NOTHING);
        }
    }

    /** Asks for the channel's topics in this partition: as they change, or once as they are. */
    Request request(final Channel channel, final boolean isOnce) {
        final boolean isMerged = channel.conflation().equals(ConflationClass.MERGE.spelling());
        // a reader may have an image that is newer than the last change: the next one must fit that, too
        final ContentOptions content = new ContentOptions(null, null,
            channel.isBook() && !isOnce ? ContentOptions.EVERY_TOUCH : -1, isMerged || channel.isBook() ? null : true);
        final Mode mode = isOnce ? Mode.ONCE : channel.isEventChannel() ? Mode.ALL : Mode.CONFLATE;
        return new Request.Subscribe(null, new ChannelName(feed, channel.name()), channel.name(),
            List.of(SymbolPattern.ofPartition(channel.name(), partition)), true, null, new SubscriptionOptions(mode,
            mode == Mode.CONFLATE ? 1 : -1, mode == Mode.ALL ? Overflow.GAP : null, -1, -1, content));
    }

    /** A relay that keeps no events has no stream of them. */
    boolean isServed(final Channel channel) {
        return !channel.isEventChannel() || !shard.topics().journal().isOff();
    }

    /** Where its messages go. */
    String subject() {
        return subject + '.' + partition;
    }

    /** The beginning of the subjects of its feed. */
    String base() {
        return subject;
    }

    /** Headers of a piece of a snapshot, behind whose number this partition goes on. */
    Headers ofPiece(final long of, final long last, final int piece, final boolean isUnfinished) {
        return BusHeaders.ofPiece(shared.relays(), of, last, piece, isUnfinished);
    }

    /** Headers of the end of a snapshot. */
    Headers ofEnd(final long of, final long last, final int piece) {
        return BusHeaders.ofEnd(shared.relays(), of, last, piece);
    }

    /** The number of the last message. */
    long seq() {
        return seq;
    }

    @Override
    public int write(final ByteBuffer frames) {
        assert owner.check();
        if (!isReady) {
            return 0;
        }
        if (!connection.hasRoom(false)) {
            counts.onHeld();
            return 0;
        }
        final int bytes = frames.remaining();
        sentNs = shard.clock().nowNs();
        MessageCutter.cut(frames, connection.maxBytes(), this::publish);
        return bytes;
    }

    /** The number of a message that cannot be sent is missing: its readers ask for a snapshot. */
    private void publish(final byte[] payload, final boolean isUnfinished) {
        connection.publish(subject(), BusHeaders.ofStream(shared.relays(), epoch, ++seq, isUnfinished), payload);
    }

    @Override
    public void close() {
        suspendWrites();
    }
}
