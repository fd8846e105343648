package penstock.feed.book;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.venue.SequenceTracker;
import penstock.venue.book.BookProcedure;
import penstock.venue.book.SnapshotSpec;

/**
 * Books of one line whose changes arrive without a snapshot: the changes wait while the snapshot is asked for, then
 * both are put together. A book that misses a change starts again. The number of waiting changes is limited: over the
 * limit waiting starts again.
 *
 * <p>A snapshot is never older than its request, so changes long before the request need not wait. A few do, because a
 * venue's snapshots may be a little behind its stream.
 *
 * <p>Owned by the feed thread.
 */
public final class SnapshotSynchronizer {
    /** Of one book, while its request is in flight: 200 s of a book that changes each 100 ms. */
    static final int MAX_CHANGES = 2_000;
    static final int MAX_BYTES = 1 << 20;
    /** Of one book that is not requested yet; there may be a thousand of them. */
    static final int MAX_CHANGES_BEFORE_REQUEST = 64;
    static final int MAX_BYTES_BEFORE_REQUEST = 64 << 10;

    /** Values of {@link #current}; the others are indexes of changes. */
    private static final int SNAPSHOT = -1;
    private static final int BEFORE_SNAPSHOT = -2;

    private final SnapshotQueues queues;
    private final Counters counters;
    private final IntFunction<String> names;
    private final Runnable onSynced;
    private final Map<BookProcedure, BookSnapshot> readers = new HashMap<>();
    private final UpdateSlice change = new UpdateSlice();
    private final LevelBuffer levels = new LevelBuffer();
    private PendingBook[] pending = new PendingBook[64];
    /** By topic: the number of the last change that its snapshot contained. */
    private long[] contained = new long[0];
    /** Topics that have had no change since their snapshot: the next one may show that the snapshot is too old. */
    private final BitSet unproven = new BitSet();
    private PendingBook book;
    private BookSnapshot snapshot;
    private int firstNewer;
    private int current;
    private long snapshotNs;
    private boolean isStopped;

    /**
     * No book is pending.
     *
     * @param names    symbols by topic
     * @param onSynced called when a book has become complete; must read it with {@link #next} before it returns
     */
    public SnapshotSynchronizer(final SnapshotQueues queues, final Counters counters, final IntFunction<String> names,
            final Runnable onSynced) {
        this.queues = queues;
        this.counters = counters;
        this.names = names;
        this.onSynced = onSynced;
    }

    /** Moves to the next update of the complete book: its snapshot, then the changes after it; false at the end. */
    public boolean next(final long nowNs) {
        if (current == BEFORE_SNAPSHOT) {
            current = SNAPSHOT;
            snapshotNs = nowNs;
            onSnapshot();
            return true;
        }
        current = current == SNAPSHOT ? firstNewer : current + 1;
        if (current < book.changes.count()) {
            book.changes.read(current, change, levels);
            return true;
        }
        return false;
    }

    /** Of the update that {@link #next} moved to. */
    public int channel() {
        return book.channel;
    }

    /** The same. */
    public int topic() {
        return book.topic;
    }

    /** The same: the venue's number. */
    public long number() {
        return current == SNAPSHOT ? snapshot.lastNumber() : book.changes.last(current);
    }

    /** The same: the venue's time. */
    public long timeUs() {
        return current == SNAPSHOT ? snapshot.timeUs() : book.changes.timeUs(current);
    }

    /** The same: when it arrived. */
    public long receivedNs() {
        return current == SNAPSHOT ? snapshotNs : book.changes.receivedNs(current);
    }

    /** The same; until the next one. */
    public UpdateSlice slices() {
        return current == SNAPSHOT ? snapshot.slices() : change;
    }

    /** Whether a change of a book in sync is newer than its snapshot. */
    boolean isNew(final int topic, final long last) {
        return topic >= contained.length || last == SequenceTracker.NONE || last > contained[topic];
    }

    /**
     * Whether a newer change follows the snapshot that was asked for without a change, by the venue's numbers; true for
     * all other changes.
     */
    boolean follows(final int topic, final long first, final long last, final SnapshotSpec spec) {
        if (!unproven.get(topic) || spec == null || last == SequenceTracker.NONE) {
            return true;
        }
        unproven.clear(topic);
        final long begins = PendingBook.first(first, last, spec);
        return switch (spec.procedure().follows()) {
            case STRADDLES -> begins <= contained[topic] + 1;
            case PREVIOUS -> begins == contained[topic] + 1;
            case NEWER -> true;
        };
    }

    /** Whether the snapshot was numbered before the venue began the count that a change belongs to. */
    boolean isOfEarlierCount(final int topic, final long last) {
        return topic < contained.length && contained[topic] != Long.MIN_VALUE
            && SequenceTracker.isFarBelow(last, contained[topic]);
    }

    /** Asks for a book of which nothing has come since the venue has accepted its subscription. */
    void ask(final int channel, final int topic, final SnapshotSpec spec) {
        final PendingBook quiet = pending(channel, topic, spec);
        if (quiet != null) {
            quiet.ask();
        }
    }

    /** The book of a topic that is not in sync; null once the line has ended. */
    PendingBook pending(final int channel, final int topic, final SnapshotSpec spec) {
        if (isStopped) {
            return null;
        }
        if (topic >= pending.length) {
            pending = Arrays.copyOf(pending, Math.max(topic + 1, pending.length * 2));
        }
        if (pending[topic] == null) {
            pending[topic] = new PendingBook(channel, topic, spec);
        }
        return pending[topic];
    }

    /** A change is missing: the changes that wait are of no use. */
    void onGap(final int topic) {
        if (topic < pending.length && pending[topic] != null) {
            pending[topic].clear();
        }
    }

    /** The venue counts from the start again: no number from before can be compared. */
    void onNewCount(final int topic) {
        onGap(topic);
        if (topic < contained.length) {
            contained[topic] = Long.MIN_VALUE;
        }
        unproven.clear(topic);
    }

    /** There is no interest in the book any more, or the venue has sent it without being asked. */
    void forget(final int topic) {
        if (topic < pending.length && pending[topic] != null) {
            pending[topic].cancel();
            pending[topic] = null;
        }
        if (topic < contained.length) {
            contained[topic] = Long.MIN_VALUE;
        }
        unproven.clear(topic);
    }

    /** The line has ended: nothing that is pending counts. */
    void stop() {
        isStopped = true;
        for (int topic = 0; topic < pending.length; topic++) {
            forget(topic);
        }
    }

    private void onSnapshot() {
        pending[book.topic] = null;
        if (book.topic >= contained.length) {
            final int size = contained.length;
            contained = Arrays.copyOf(contained, Math.max(book.topic + 1, Math.max(64, size * 2)));
            Arrays.fill(contained, size, contained.length, Long.MIN_VALUE);
        }
        contained[book.topic] = snapshot.lastNumber();
        unproven.set(book.topic, book.changes.count() == 0);
    }

    /** A book without a snapshot yet. Owned by the feed thread. */
    final class PendingBook implements SnapshotQueue.Listener {
        private final int channel;
        private final int topic;
        private final SnapshotSpec spec;
        private final DeltaBuffer changes = new DeltaBuffer();
        private SnapshotQueue.Ticket ticket;
        /** There was no change before the request, and none since. */
        private boolean isQuiet;

        private PendingBook(final int channel, final int topic, final SnapshotSpec spec) {
            this.channel = channel;
            this.topic = topic;
            this.spec = spec;
        }

        /** Requests its snapshot without a change. */
        void ask() {
            if (ticket == null) {
                isQuiet = true;
                request();
            }
        }

        /** A change; {@code first} and {@code last} are the venue's numbers. Its snapshot is requested with it. */
        void add(final long first, final long last, final long timeUs, final long receivedNs,
                final UpdateSlice slices) {
            if (last == SequenceTracker.NONE) {
                counters.increment(Counter.FEED_UNSYNCED);
                return;
            }
            final boolean isRequested = ticket != null && ticket.isInFlight();
            final int size = changes.bytes() + slices.payloadLength + slices.levels.length();
            if (changes.count() >= (isRequested ? MAX_CHANGES : MAX_CHANGES_BEFORE_REQUEST)
                    || size > (isRequested ? MAX_BYTES : MAX_BYTES_BEFORE_REQUEST)) {
                clear();
            }
            isQuiet = false;
            changes.add(first(first, last, spec), last, timeUs, receivedNs, slices);
            if (ticket == null) {
                request();
            }
        }

        private void request() {
            ticket = queues.of(spec).request(spec, names.apply(topic), this);
        }

        @Override
        public String onBody(final byte[] body) {
            final BookSnapshot reader = readers.computeIfAbsent(spec.procedure(), BookSnapshot::new);
            final String problem = reader.read(body);
            if (problem != null) {
                return problem;
            }
            firstNewer = isQuiet ? 0 : changes.firstNewer(spec.procedure().follows(), reader.lastNumber());
            // a snapshot may be ahead of the stream, and the next one may come from a slower server: never go back
            if (firstNewer < 0 || topic < contained.length && contained[topic] > reader.lastNumber()) {
                return "is older than the changes that wait for it";
            }
            book = this;
            snapshot = reader;
            current = BEFORE_SNAPSHOT;
            onSynced.run();
            return null;
        }

        /** The first number that a change covers: if it names the change before it, the number after that one. */
        private static long first(final long first, final long last, final SnapshotSpec spec) {
            return first == SequenceTracker.NONE ? last : spec.namesPrevious() ? first + 1 : first;
        }

        private void clear() {
            isQuiet = false;
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
