package penstock.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import penstock.ring.TopicState;
import penstock.topic.image.FieldSelection;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * The newest updates of topics where each one counts, in the order in which they came: a ring of bytes, each update
 * encoded once as the protocol's entry. Who reads keeps an address, which grows for ever; nothing is kept per reader,
 * and what is overwritten is known by the last sequence lost of each topic, so that any reader can tell how many it
 * missed. The entries of one topic are chained backwards. The ring begins small and doubles up to its bound as long as
 * nothing had to be overwritten. Owned by the shard.
 */
public final class Journal {
    /** No address. */
    public static final long NONE = -1;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int SMALLEST = 64 * 1024;
    private static final int LARGEST = 1 << 30;
    private static final int FILLER = -1;
    /** Events stand for themselves; of other updates what changed is not known when nobody asked at the time. */
    private static final int NO_CHANGES = -1;
    private static final int UNKNOWN = -2;
    private static final int KEPT_BYTES = 256 * 1024;

    // an entry: length, topic, q, p, receivedNs, address of the topic's entry before, skipped, bytes (negative: a whole
    // image), bytes of what changed and of the upstream's payload (-1: not kept), and these three texts
    private static final int TOPIC = 4;
    private static final int Q = 8;
    private static final int P = 16;
    private static final int RECEIVED = 24;
    private static final int BEFORE = 32;
    private static final int SKIPPED = 40;
    private static final int BYTES = 48;
    private static final int CHANGED = 52;
    private static final int PAYLOAD = 56;
    private static final int TEXT = 60;
    /**
     * What is overwritten is remembered in as many places as the journal has entries, about, for a twentieth of its
     * bytes.
     */
    private static final int BYTES_PER_LOST = 512;

    private final int maxBytes;
    private byte[] ring = {};
    private MessageBuffer text = new MessageBuffer(1024);
    private long head;
    private long oldest;
    private long lostPosition;
    private final OverwriteIndex lost;
    private final EntryView entryView = new EntryView();
    private final ProjectionCache excerpts = new ProjectionCache();

    private final JournalRefCounts readers;
    /**
     * Up to this position nothing was kept of the topic; {@link Long#MAX_VALUE} while its newest update was too large
     * to be kept.
     */
    private long[] unkeptP = new long[256];
    private long[] newest = new long[256];
    private long[] storedQ = new long[256];
    private long[] lostQ = new long[256];

    /**
     * Keeps at most {@code bytes}, rounded down to a power of two, at least 64 KiB and at most 1 GiB; 0 keeps nothing.
     */
    public Journal(final long bytes) {
        maxBytes = bytes <= 0 ? 0 : (int) Long.highestOneBit(Math.max(SMALLEST, Math.min(LARGEST, bytes)));
        lost = new OverwriteIndex(maxBytes / BYTES_PER_LOST);
        lost.ensureTopics(newest.length);
        Arrays.fill(newest, NONE);
        readers = new JournalRefCounts(maxBytes);
        readers.ensureTopics(newest.length);
    }

    /** Whether it keeps nothing at all. */
    public boolean isOff() {
        return maxBytes == 0;
    }

    /** Bytes it takes up now. */
    public int capacityBytes() {
        return ring.length;
    }

    /** Where the next entry goes: who has this address has read everything. */
    public long head() {
        return head;
    }

    /** The oldest entry that is kept; what is before is overwritten. */
    public long oldest() {
        return oldest;
    }

    /** The position of the last entry that was overwritten. */
    public long overwrittenPosition() {
        return lostPosition;
    }

    /** Of this topic everything up to this sequence is not kept. */
    public long overwrittenQ(final int topic) {
        return topic < lostQ.length ? lostQ[topic] : 0;
    }

    /**
     * One more reader counts on every update of the topic from now on. Topics of events are always kept, others while
     * they have readers, and for one lap more: a reader that comes back by then has missed nothing.
     */
    public void addReader(final Topic topic) {
        final int id = topic.id();
        ensureTopic(id);
        if (!isKept(topic)) {
            storedQ[id] = topic.q();
            lostQ[id] = topic.q();
            unkeptP[id] = topic.p();
            newest[id] = NONE;
            lost.begin(id);
        }
        readers.add(id);
    }

    /** One reader of the topic less. */
    public void removeReader(final Topic topic) {
        readers.remove(topic.id(), head);
    }

    /** One more reader wants the upstream's payloads of a topic that it holds. */
    public void addPayloadReader(final Topic topic) {
        readers.addPayloads(topic.id(), 1);
    }

    /** One less wants them. */
    public void removePayloadReader(final Topic topic) {
        readers.addPayloads(topic.id(), -1);
    }

    /** Takes in the newest update of a topic, if anybody may want it; {@code shown} is its state. True when it did. */
    boolean store(final Topic topic, final TopicState shown) {
        final boolean isEventChannel = topic.channel().isEventChannel();
        if (maxBytes == 0 || !isKept(topic)) {
            return false;
        }
        ensureTopic(topic.id());
        if (text.bytes().length > KEPT_BYTES) {
            text = new MessageBuffer(1024);
        }
        final boolean isImage = !topic.knowsChangesSince(topic.q() - 1) || !isEventChannel
            && unkeptP[topic.id()] == Long.MAX_VALUE;
        if (isImage) {
            topic.appendEntry(text.clear(), shown);
        } else {
            topic.appendUpdate(text.clear(), topic.q() - 1, shown);
        }
        final int bytes = text.length();
        final int changed = isEventChannel ? NO_CHANGES
            : !isImage && topic.hasViews() && topic.appendChanged(text) ? text.length() - bytes : UNKNOWN;
        final int payload = readers.hasPayloads(topic.id()) && topic.payload() != null ? topic.payloadBytes() : -1;
        if (payload >= 0) {
            text.put(topic.payload(), 0, payload);
        }
        final int length = TEXT + text.length() + 7 & -8;
        if (length > maxBytes / 4) {
            unkeptP[topic.id()] = Long.MAX_VALUE;
            return false; // as if it had been skipped: the next entry tells
        }
        if (unkeptP[topic.id()] == Long.MAX_VALUE) {
            unkeptP[topic.id()] = topic.p(); // of who was here before some had its image, others not
        }
        makeRoom(length);
        write(topic, length, isImage ? -bytes : bytes);
        INT.set(ring, at(newest[topic.id()]) + CHANGED, changed);
        INT.set(ring, at(newest[topic.id()]) + PAYLOAD, payload);
        return true;
    }

    /**
     * The entry at this address or behind it, {@link #head()} if there is none. The address is one of an entry, or of
     * where one ends.
     */
    public long entry(final long address) {
        return address < head && topic(address) == FILLER ? address + length(address) : address;
    }

    /** Where an entry ends. */
    public long end(final long address) {
        return address + length(address);
    }

    /** The topic of an entry. */
    public int topic(final long address) {
        return (int) INT.get(ring, at(address) + TOPIC);
    }

    /** The sequence of an entry. */
    public long q(final long address) {
        return (long) LONG.get(ring, at(address) + Q);
    }

    /** The position of an entry. */
    public long p(final long address) {
        return (long) LONG.get(ring, at(address) + P);
    }

    /** {@link System#nanoTime()} when the update had been read from the upstream. */
    public long receivedNs(final long address) {
        return (long) LONG.get(ring, at(address) + RECEIVED);
    }

    /** The entry of the same topic before this one, or {@link #NONE}; it may be overwritten. */
    public long previous(final long address) {
        return (long) LONG.get(ring, at(address) + BEFORE);
    }

    /** The newest entry of a topic, or {@link #NONE}; it may be overwritten. */
    public long newest(final int topic) {
        return topic < newest.length ? newest[topic] : NONE;
    }

    /** How many updates of its topic right before this one never came here. */
    public long skipped(final long address) {
        return (long) LONG.get(ring, at(address) + SKIPPED);
    }

    /** Whether the entry is not what changed but the whole image: what changed was not known. */
    public boolean isImage(final long address) {
        return (int) INT.get(ring, at(address) + BYTES) < 0;
    }

    /**
     * Whether an entry says the whole value in a view that says changes otherwise: what changed was not known, or
     * nobody asked then.
     */
    public boolean isImage(final long address, final View view) {
        return isImage(address) || view.delta() && changedBytes(address) == UNKNOWN
            && EntryView.isObject(ring, at(address) + TEXT);
    }

    /** Bytes of the protocol's entry. */
    public int bytes(final long address) {
        return Math.abs((int) INT.get(ring, at(address) + BYTES));
    }

    /** Adds the protocol's entry. */
    public void append(final long address, final MessageBuffer out) {
        out.put(ring, at(address) + TEXT, bytes(address));
    }

    /**
     * Whether an entry shows something in this view: where all updates count, and where what changed is not kept, each
     * one may.
     */
    public boolean isShown(final long address, final View view) {
        return view.fields().isEmpty() || changedBytes(address) == UNKNOWN || excerpt(address, view).isShown;
    }

    /**
     * Adds the protocol's entry as far as the view shows it; {@code conflated} of its topic before it were not shown.
     */
    public void append(final long address, final View view, final long conflated, final MessageBuffer out) {
        if (view.isFull() && conflated == 0) {
            append(address, out);
            return;
        }
        final int text = at(address) + TEXT;
        if (view.fields().isEmpty()) {
            final int value = EntryView.valueAt(ring, text);
            EntryView.appendHead(out, ring, text, value, conflated);
            appendValue(address, value, view, out);
        } else {
            final ProjectionCache.Excerpt excerpt = excerpt(address, view);
            EntryView.appendHead(out, ring, text, text + excerpt.valueAt, conflated);
            out.put(excerpt.text.bytes(), 0, excerpt.text.length());
        }
        out.put('}');
    }

    /** Adds the upstream's payload, if it was wanted when the update came. */
    public void appendPayload(final long address, final MessageBuffer out) {
        final int payload = (int) INT.get(ring, at(address) + PAYLOAD);
        if (payload > 0) {
            out.put(ring, at(address) + TEXT + bytes(address) + Math.max(0, changedBytes(address)), payload);
        }
    }

    /**
     * The sequence that a topic had at position {@code p}, as far as it can be told: what never came here counts as
     * later. -1 when that is not known: not kept then, or overwritten too long ago.
     */
    public long qAt(final Topic topic, final long p) {
        final int id = topic.id();
        if (topic.p() <= p && (id >= unkeptP.length || unkeptP[id] < Long.MAX_VALUE)) {
            return topic.q();
        }
        if (id >= newest.length || storedQ[id] != topic.q() || p < unkeptP[id] || !isKept(topic)) {
            return -1;
        }
        long q = topic.q();
        long address = newest[id];
        while (address >= oldest && p(address) > p) {
            q = q(address) - 1 - skipped(address);
            address = previous(address);
        }
        return address >= oldest || address == NONE ? q : lost.qBefore(id, p, q);
    }

    /** The oldest kept entry of a topic behind position {@code p}; {@link #head()} if there is none. */
    public long entryAfter(final int topic, final long p) {
        long after = head;
        long address = newest(topic);
        while (address >= oldest && p(address) > p) {
            after = address;
            address = previous(address);
        }
        return after;
    }

    private ProjectionCache.Excerpt excerpt(final long address, final View view) {
        final FieldSelection wanted = entryView.wanted(view);
        final int changed = changedBytes(address);
        final ProjectionCache.Excerpt excerpt = excerpts.of(address, wanted, view.delta(), bytes(address) + changed);
        if (!excerpt.is(address, wanted)) {
            final int text = at(address) + TEXT;
            final int end = text + bytes(address);
            final int value = EntryView.valueAt(ring, text);
            excerpt.valueAt = value - text;
            excerpt.isShown =
                entryView.isShown(ring, changed >= 0 ? end : value, changed >= 0 ? changed : end - 1 - value, view);
            appendValue(address, value, view, excerpt.text.clear());
        }
        return excerpt;
    }

    private void appendValue(final long address, final int value, final View view, final MessageBuffer out) {
        final int end = at(address) + TEXT + bytes(address);
        final int changed = view.delta() && !isImage(address) ? changedBytes(address) : -1;
        if (changed >= 0) {
            entryView.appendValue(out, ring, end, changed, view);
        } else {
            entryView.appendValue(out, ring, value, end - 1 - value, view);
        }
    }

    private boolean isKept(final Topic topic) {
        return topic.channel().isEventChannel() || readers.has(topic.id(), head);
    }

    private int changedBytes(final long address) {
        return (int) INT.get(ring, at(address) + CHANGED);
    }

    private int length(final long address) {
        return (int) INT.get(ring, at(address));
    }

    private int at(final long address) {
        return (int) address & ring.length - 1;
    }

    private void write(final Topic topic, final int length, final int bytes) {
        final int id = topic.id();
        final int at = at(head);
        INT.set(ring, at, length);
        INT.set(ring, at + TOPIC, id);
        LONG.set(ring, at + Q, topic.q());
        LONG.set(ring, at + P, topic.p());
        LONG.set(ring, at + RECEIVED, topic.receivedNs());
        LONG.set(ring, at + BEFORE, newest[id]);
        LONG.set(ring, at + SKIPPED, topic.q() - storedQ[id] - 1);
        INT.set(ring, at + BYTES, bytes);
        System.arraycopy(text.bytes(), 0, ring, at + TEXT, text.length());
        newest[id] = head;
        storedQ[id] = topic.q();
        head += length;
    }

    /** Room for an entry in one piece: what is left at the end of the ring and too small is filled. */
    private void makeRoom(final int length) {
        while (head + length > ring.length && ring.length < maxBytes) {
            // never overwritten so far: addresses are places, and stay so
            ring = Arrays.copyOf(ring, Math.max(SMALLEST, ring.length * 2));
        }
        final int toEnd = ring.length - at(head);
        if (toEnd < length) {
            overwrite(toEnd);
            INT.set(ring, at(head), toEnd);
            INT.set(ring, at(head) + TOPIC, FILLER);
            head += toEnd;
        }
        overwrite(length);
    }

    private void overwrite(final int length) {
        while (head + length - oldest > ring.length) {
            final int topic = topic(oldest);
            if (topic != FILLER) {
                lostQ[topic] = Math.max(lostQ[topic], q(oldest));
                lostPosition = p(oldest);
                lost.add(topic, lostPosition, q(oldest) - 1 - skipped(oldest));
            }
            oldest += length(oldest);
        }
    }

    private void ensureTopic(final int id) {
        if (id >= newest.length) {
            final int had = newest.length;
            final int size = Math.max(id + 1, had * 2);
            storedQ = Arrays.copyOf(storedQ, size);
            lostQ = Arrays.copyOf(lostQ, size);
            unkeptP = Arrays.copyOf(unkeptP, size);
            newest = Arrays.copyOf(newest, size);
            Arrays.fill(newest, had, size, NONE);
            readers.ensureTopics(size);
            lost.ensureTopics(size);
        }
    }
}
