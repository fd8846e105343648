package penstock.fanout.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.schedule.ShardClock;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.fanout.subscription.Subscription;
import penstock.topic.TopicTable;
import penstock.wire.Overflow;

/**
 * Builds and sends one write for a session: control frames first, then the pending data of its due subscriptions, of
 * which one that needs more than one write leaves room to the others. Owned by the shard's io thread; one for all its
 * sessions.
 */
public final class SessionWriter {
    /** Frames of one slice share their time, so that equal ones are the same bytes and are compressed once. */
    private static final long SAME_TIME_NS = 3_000_000;
    /** A write ends when it took so long to build: time for 256 KiB of images. The next one goes on, after others. */
    private static final long WRITE_NS = 500_000;
    /** Every write of a turn ends like that when the turn is so old. */
    private static final long TURN_NS = 2_000_000;

    /**
     * For the socket, of a long write: some 10 µs for 16 KiB, with TLS 20 µs. In a process that is new TLS takes 0.6 ms
     * for that, so that the first writes are short.
     */
    private static final long SOCKET_NS = 1_000_000;
    private static final int LONG_BYTES = 16 * 1024;
    /** A write ends with its time before it has that much. */
    private static final int UNLIMITED_BYTES = 256 * 1024;

    private final TopicTable topics;
    private final FlushScheduler scheduler;
    private final ShardClock clock;
    private final FrameBuilder frames;
    private final Encoder encoder;
    private final WriteCommit commit;
    private final LinkPosition position;
    private long turnNs;
    private long beganNs;
    private int firstEncoded;
    /** What sockets took in {@link #SOCKET_NS} when a long write was measured last. */
    private int fastBytes = LONG_BYTES;
    /** Of the subscriptions of the session that is written, by place. */
    private PendingWrite[] pendingWrites = newWrites(16);

    /** For one shard; {@code commit} counts what is sent. */
    public SessionWriter(final TopicTable topics, final FlushScheduler scheduler, final ShardClock clock,
            final WriteCommit commit) {
        this.topics = topics;
        this.scheduler = scheduler;
        this.clock = clock;
        this.commit = commit;
        frames = new FrameBuilder(clock);
        encoder = new Encoder(topics, scheduler, frames);
        position = new LinkPosition(topics, scheduler, frames);
    }

    /** A turn begins to flush, which began at {@code turnBeganNs} to read the ring. */
    public void onTurn(final long nowNs, final long turnBeganNs) {
        turnNs = nowNs;
        beganNs = turnBeganNs;
    }

    /** Whether a subscription that does not accept gaps was overtaken: the session is to be closed. */
    public boolean isOverrun(final SessionSubscriptions session) {
        for (int i = 0; i < session.size(); i++) {
            final Subscription subscription = session.get(i);
            if (subscription.deliversAll() && subscription.options().overflow() == Overflow.CLOSE
                    && scheduler.isDue(subscription.schedule())
                    && LostUpdates.count(topics.journal(), subscription,
                        scheduler.passedPosition(subscription.schedule())) > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Sends what is queued, and {@code withData} the pending data of due subscriptions. The socket is clear. Returns
     * how many bytes were built.
     */
    public int write(final SessionSubscriptions session, final ControlQueue queue, final boolean withData,
            final long nowNs) throws IOException {
        frames.begin(Math.min(queue.writeBytes(), fastBytes), nowNs + Math.min(WRITE_NS, beganNs + TURN_NS - nowNs));
        if (queue.hasControl()) {
            frames.putControl(queue.control());
        }
        if (withData) {
            encode(session, Math.min(queue.messageBytes(), fastBytes), nowNs);
        }
        final ByteBuffer write = frames.flip();
        final int size = write.remaining();
        if (size > 0) {
            final int written = size < LONG_BYTES ? queue.write(write, nowNs) : writeMeasured(queue, write, nowNs);
            queue.onControlWritten();
            session.onDelivered(commit.commit(frames, written, nowNs));
            position.onWritten(session, written);
            session.onMissed(commit.takeMissed());
            session.onConflated(commit.takeConflated());
            if (written < size) {
                queue.block(frames.unfinished(written), nowNs);
            }
        }
        return size;
    }

    /** The next long write is as long as the socket would take in its time. */
    private int writeMeasured(final ControlQueue queue, final ByteBuffer write, final long nowNs) throws IOException {
        final long startNs = clock.nowNs();
        final int written = queue.write(write, nowNs);
        final long tookNs = Math.max(1, clock.nowNs() - startNs);
        if (written >= LONG_BYTES) {
            final long fast = written * SOCKET_NS / tookNs;
            fastBytes = fast >= UNLIMITED_BYTES ? Integer.MAX_VALUE : (int) Math.max(LONG_BYTES, fast);
        }
        return written;
    }

    /** Continues the unfinished frame of a blocked session; true when the socket is clear. */
    public boolean finish(final ControlQueue queue, final long nowNs) throws IOException {
        return queue.finish(frames.scratch(), nowNs);
    }

    /** The socket of the session is blocked: nothing of it is due before the socket is writable. */
    public void block(final SessionSubscriptions session) {
        for (int i = 0; i < session.size(); i++) {
            scheduler.block(session.get(i).schedule());
        }
    }

    /** The socket of the session is writable again; returns whether any of its subscriptions may send now. */
    public boolean unblock(final SessionSubscriptions session) {
        boolean isAnyDue = false;
        for (int i = 0; i < session.size(); i++) {
            scheduler.unblock(session.get(i).schedule());
            isAnyDue |= scheduler.isDue(session.get(i).schedule());
        }
        return isAnyDue;
    }

    /**
     * After a write with data: each subscription that was due holds, is armed, waits for the socket, or stays due for
     * want of room. True when a subscription of mode once is finished.
     */
    public boolean settle(final SessionSubscriptions session, final long nowNs, final boolean isBlocked) {
        if (isBlocked && session.size() > 1) {
            beginWithLeftOut(session);
        }
        boolean isAnyFinished = false;
        for (int i = 0; i < session.size(); i++) {
            final Subscription subscription = session.get(i);
            if (scheduler.isDue(subscription.schedule())) {
                isAnyFinished |= settleDue(subscription, pendingWrites[i], nowNs, isBlocked);
            } else if (isBlocked && subscription.schedule().isArmed()) {
                scheduler.block(subscription.schedule());
            }
        }
        return isAnyFinished;
    }

    private void encode(final SessionSubscriptions session, final int messageBytes, final long nowNs) {
        final boolean sharesTime = session.session().frames().isShared() && nowNs - turnNs <= SAME_TIME_NS;
        final long tsUs = clock.epochUs(sharesTime ? turnNs : nowNs);
        final int count = session.size();
        if (count > pendingWrites.length) {
            pendingWrites = newWrites(2 * count);
        }
        firstEncoded = session.takeFirst();
        boolean all = true;
        for (int n = 0; n < count; n++) {
            final int i = firstEncoded + n < count ? firstEncoded + n : firstEncoded + n - count;
            final Subscription subscription = session.get(i);
            if (scheduler.isDue(subscription.schedule())) {
                final PendingWrite pending = pendingWrites[i];
                encoder.encode(subscription, pending, messageBytes, tsUs, nowNs);
                if (all && !pending.encodedAll() && !pending.isRateLimited()) {
                    // a subscription with much to send is last next time, one that found no room is first
                    session.beginAt(pending.encodedAny() ? i + 1 : i);
                    all = false;
                }
            }
        }
        if (session.session().isLink()) {
            position.put(session, pendingWrites);
        }
    }

    /** The first subscription of whose frames the socket took no byte is encoded first next time. */
    private void beginWithLeftOut(final SessionSubscriptions session) {
        final int count = session.size();
        for (int n = 0; n < count; n++) {
            final int i = (firstEncoded + n) % count;
            final Subscription subscription = session.get(i);
            if (scheduler.isDue(subscription.schedule()) && pendingWrites[i].isLeftOut()) {
                session.beginAt(i);
                return;
            }
        }
    }

    /** True when the subscription was of mode once and is finished. */
    private boolean settleDue(final Subscription subscription, final PendingWrite pending, final long nowNs,
            final boolean isBlocked) {
        if (pending.hasSentAll()) {
            subscription.cursor().onCaughtUp(subscription.deliversAll() ? topics.position() : topics.heldPosition(),
                subscription.channel().changes());
            if (subscription.isOnce()) {
                subscription.cursor().onFinished();
                return true;
            }
            if (pending.isCompleted() && subscription.schedule().hasInterval()) {
                scheduler.hold(subscription.schedule(), nowNs);
            } else if (isBlocked) {
                scheduler.block(subscription.schedule());
            } else {
                scheduler.arm(subscription.schedule());
            }
            subscription.schedule().onCaughtUp(nowNs);
            return false;
        }
        // before its images are out it is sent no updates: to look through all topics would take longer than the write
        if (subscription.session().isLink() && !subscription.cursor().areImagesPending()) {
            subscription.cursor().onBehind();
        }
        if (isBlocked) {
            scheduler.block(subscription.schedule());
        } else if (pending.isRateLimited()) {
            scheduler.holdForRate(subscription.schedule(), nowNs);
        }
        return false;
    }

    private static PendingWrite[] newWrites(final int count) {
        final PendingWrite[] writes = new PendingWrite[count];
        Arrays.setAll(writes, i -> new PendingWrite());
        return writes;
    }
}
