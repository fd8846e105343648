package penstock.feed.book;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.venue.SequenceTracker;
import penstock.venue.spec.BookProcedure;
import penstock.venue.spec.DeltaBuffer;
import penstock.venue.spec.SnapshotSpec;

/**
 * Books of one connection whose changes come without a snapshot: the changes wait while the snapshot is fetched from
 * elsewhere, then both are put together. A book that lost a change begins again. What waits is bounded: over the bound
 * waiting begins anew.
 *
 * <p>A snapshot is never older than its request, so what came long before that need not wait with it: a few changes do,
 * should the venue's snapshots be a little behind its stream.
 *
 * <p>Owned by the feed thread.
 */
public final class SnapshotSynchronizer {
    /** Of one book, while its answer is under way: 200 s of a book that changes each 100 ms. */
    static final int MOST_CHANGES = 2_000;
    static final int MOST_BYTES = 1 << 20;
    /** Of one book that has not been asked for yet; there may be a thousand. */
    static final int MOST_CHANGES_BEFORE = 64;
    static final int MOST_BYTES_BEFORE = 64 << 10;

    private final SnapshotQueue queue;
    private final Counters counters;
    private final Runnable onAnswered;
    private final Map<BookProcedure, BookSnapshot> readers = new EnumMap<>(BookProcedure.class);
    private final UpdateSlice slices = new UpdateSlice();
    private final LevelBuffer levels = new LevelBuffer();
    private Waiting[] waiting = new Waiting[64];
    /** By topic: the number of the last change that its snapshot contained. */
    private long[] contained = new long[0];
    private Waiting answered;
    private BookSnapshot snapshot;
    private int firstNewer;
    private boolean isStopped;

    /** Where a whole book goes: its snapshot, then the changes that waited. */
    public interface Target {
        void onBridged(int channel, int topic, long number, long timeUs, long receivedNs, UpdateSlice slices);
    }

    /** {@code onAnswered} must call {@link #deliver} before it returns. */
    public SnapshotSynchronizer(final SnapshotQueue queue, final Counters counters, final Runnable onAnswered) {
        this.queue = queue;
        this.counters = counters;
        this.onAnswered = onAnswered;
    }

    /** Whether a change of a book that has begun came after its snapshot. */
    public boolean isNew(final int topic, final long last) {
        return topic >= contained.length || last == SequenceTracker.NONE || last > contained[topic];
    }

    /** The book of a topic that has none yet; asks for its snapshot. Null once the connection has ended. */
    public Waiting waiting(final int channel, final int topic, final SnapshotSpec spec, final byte[] symbol,
            final int offset, final int length) {
        if (isStopped) {
            return null;
        }
        if (topic >= waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.max(topic + 1, waiting.length * 2));
        }
        if (waiting[topic] == null) {
            final Waiting book = new Waiting(channel, topic, spec);
            waiting[topic] = book;
            book.name = new String(symbol, offset, length, StandardCharsets.UTF_8);
        }
        return waiting[topic];
    }

    /** A change is missing: what waited is of no use. */
    public void onGap(final int topic) {
        if (topic < waiting.length && waiting[topic] != null) {
            waiting[topic].clear();
        }
    }

    /** Nobody wants this book any more. */
    public void forget(final int topic) {
        if (topic < waiting.length && waiting[topic] != null) {
            waiting[topic].cancel();
            waiting[topic] = null;
        }
    }

    /** The connection has ended: nothing that waits, or still comes, counts. */
    public void stop() {
        isStopped = true;
        for (int topic = 0; topic < waiting.length; topic++) {
            forget(topic);
        }
    }

    /** Hands over the book whose snapshot has come. */
    public void deliver(final Target target, final long nowNs) {
        final Waiting book = answered;
        answered = null;
        waiting[book.topic] = null;
        if (book.topic >= contained.length) {
            final int known = contained.length;
            contained = Arrays.copyOf(contained, Math.max(book.topic + 1, Math.max(64, known * 2)));
            Arrays.fill(contained, known, contained.length, Long.MIN_VALUE);
        }
        contained[book.topic] = snapshot.lastNumber();
        target.onBridged(book.channel, book.topic, snapshot.lastNumber(), snapshot.timeUs(), nowNs, snapshot.slices());
        for (int i = firstNewer; i < book.changes.count(); i++) {
            book.changes.read(i, slices, levels);
            target.onBridged(book.channel, book.topic, book.changes.last(i), book.changes.timeUs(i),
                book.changes.receivedNs(i), slices);
        }
    }

    /** A book without a snapshot yet. Owned by the feed thread. */
    public final class Waiting implements SnapshotQueue.Listener {
        private final int channel;
        private final int topic;
        private final SnapshotSpec spec;
        private final DeltaBuffer changes = new DeltaBuffer();
        private String name;
        private SnapshotQueue.Ticket ticket;

        private Waiting(final int channel, final int topic, final SnapshotSpec spec) {
            this.channel = channel;
            this.topic = topic;
            this.spec = spec;
        }

        /** A change; {@code first} and {@code last} are the venue's numbers. */
        public void add(final long first, final long last, final long timeUs, final long receivedNs,
                final UpdateSlice slices) {
            if (last == SequenceTracker.NONE) {
                counters.increment(Counter.FEED_UNSYNCED);
                return;
            }
            final boolean isAsked = ticket != null && ticket.isInFlight();
            final int size = changes.bytes() + slices.payloadLength + slices.levels.length();
            if (changes.count() >= (isAsked ? MOST_CHANGES : MOST_CHANGES_BEFORE)
                    || size > (isAsked ? MOST_BYTES : MOST_BYTES_BEFORE)) {
                clear();
            }
            changes.add(first(first, last), last, timeUs, receivedNs, slices);
            if (ticket == null) {
                ticket = queue.request(spec, name, this);
            }
        }

        @Override
        public String onBody(final byte[] body) {
            final BookSnapshot reader = readers.computeIfAbsent(spec.procedure(), BookSnapshot::new);
            final String problem = reader.read(body);
            if (problem != null) {
                return problem;
            }
            firstNewer = changes.count() == 0 ? -1 : spec.procedure().firstNewer(changes, reader.lastNumber());
            // the snapshot before this one may have been ahead of the stream, and this one may come from a slower
            // server: no way back
            if (firstNewer < 0 || topic < contained.length && contained[topic] > reader.lastNumber()) {
                return "is older than the changes that wait for it";
            }
            answered = this;
            snapshot = reader;
            onAnswered.run();
            return null;
        }

        /** The first number that a change covers: the one behind the change before it is as good. */
        private long first(final long first, final long last) {
            return first == SequenceTracker.NONE ? last : spec.namesPrevious() ? first + 1 : first;
        }

        private void clear() {
            counters.add(Counter.FEED_SNAPSHOT_CHANGES_DROPPED, changes.count());
            changes.clear();
        }

        private void cancel() {
            if (ticket != null) {
                ticket.cancel();
            }
        }
    }
}
