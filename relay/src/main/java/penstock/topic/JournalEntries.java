package penstock.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import penstock.ring.TopicState;
import penstock.wire.MessageBuffer;

/**
 * The stored entries of the journal: a ring of bytes, each update encoded once as the protocol's entry. A reader keeps
 * an address, which only grows; nothing is stored per reader. The entries of one topic are chained backwards.
 *
 * <p>The ring begins small and doubles up to its bound before it overwrites anything. Overwritten entries leave a mark
 * in the {@link OverwriteIndex}. Owned by the shard's io thread.
 */
public final class JournalEntries {
    /** No address. */
    public static final long NONE = -1;
    /** Length of the changed fields of an event, which needs none. */
    static final int NO_CHANGES = -1;
    /** Length of the changed fields if they were unknown, or no view needed them, when the update came. */
    static final int UNKNOWN_CHANGES = -2;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int MIN_BYTES = 64 * 1024;
    private static final int MAX_BYTES = 1 << 30;
    private static final int FILLER = -1;

    // The layout of an entry: length, topic, q, p, receivedNs, address of the topic's previous entry, skipped, length
    // of the protocol's entry (negative: of a whole image), of the changed fields, of the upstream's payload (0: not
    // stored) and of the names of removed fields, the venue's time, where the value begins in the protocol's entry (0:
    // only the value and the end of the entry are stored), its state and whether it is shared; then the four texts, the
    // payload the last of them.
    private static final int TOPIC = 4;
    private static final int Q = 8;
    private static final int P = 16;
    private static final int RECEIVED = 24;
    private static final int PREVIOUS = 32;
    private static final int SKIPPED = 40;
    private static final int BYTES = 48;
    private static final int CHANGED = 52;
    private static final int PAYLOAD = 56;
    private static final int REMOVED = 60;
    private static final int TIME = 64;
    private static final int VALUE = 72;
    private static final int STATE = 76;
    private static final int TEXT = 80;
    private static final int SHARED = 1 << 8;
    private static final TopicState[] STATES = TopicState.values();

    private final int maxBytes;
    private final OverwriteIndex overwrites;
    private byte[] ring = {};
    private long head;
    private long oldest;
    private long[] newest = new long[0];
    private long[] storedQ = new long[0];

    /** Rounds {@code bytes} down to a power of two, at least 64 KiB and at most 1 GiB; 0 stores nothing. */
    JournalEntries(final long bytes, final OverwriteIndex overwrites) {
        maxBytes = maxBytes(bytes);
        this.overwrites = overwrites;
    }

    static int maxBytes(final long bytes) {
        return bytes <= 0 ? 0 : (int) Long.highestOneBit(Math.max(MIN_BYTES, Math.min(MAX_BYTES, bytes)));
    }

    /** Bytes allocated now. */
    public int capacityBytes() {
        return ring.length;
    }

    /** The address of the next entry: a reader at this address has read everything. */
    public long head() {
        return head;
    }

    /** The address of the oldest stored entry; older ones are overwritten. */
    public long oldest() {
        return oldest;
    }

    /** The first entry at or after an address where an entry begins or ends; {@link #head()} if there is none. */
    public long entry(final long address) {
        long entry = address;
        while (entry < head && topic(entry) == FILLER) {
            entry += length(entry);
        }
        return entry;
    }

    /** The address after an entry. */
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

    /** {@link System#nanoTime()} when the relay had read the update. */
    public long receivedNs(final long address) {
        return (long) LONG.get(ring, at(address) + RECEIVED);
    }

    /** The previous entry of the same topic, or {@link #NONE}; it may be overwritten. */
    public long previous(final long address) {
        return (long) LONG.get(ring, at(address) + PREVIOUS);
    }

    /** The newest entry of a topic, or {@link #NONE}; it may be overwritten. */
    public long newest(final int topic) {
        return topic < newest.length ? newest[topic] : NONE;
    }

    /** The oldest stored entry of a topic after position {@code p}; {@link #head()} if there is none. */
    public long entryAfter(final int topic, final long p) {
        long after = head;
        long address = newest(topic);
        while (address >= oldest && p(address) > p) {
            after = address;
            address = previous(address);
        }
        return after;
    }

    /** The stored entry of a topic with that sequence, or {@link #NONE}. */
    public long entryOf(final int topic, final long q) {
        long address = newest(topic);
        while (address >= oldest && q(address) > q) {
            address = previous(address);
        }
        return address >= oldest && q(address) == q ? address : NONE;
    }

    /** Number of updates of the topic right before this one that were never stored. */
    public long skipped(final long address) {
        return (long) LONG.get(ring, at(address) + SKIPPED);
    }

    /** True if the entry holds the whole image because the change was unknown. */
    public boolean isImage(final long address) {
        return (int) INT.get(ring, at(address) + BYTES) < 0;
    }

    /** Length of the protocol's entry. */
    public int bytes(final long address) {
        return Math.abs((int) INT.get(ring, at(address) + BYTES));
    }

    /** Adds the protocol's entry. */
    public void append(final long address, final MessageBuffer out) {
        out.put(ring, textAt(address), bytes(address));
    }

    /** Adds the upstream's payload, if the topic had a reader of payloads when the update came. */
    public void appendPayload(final long address, final MessageBuffer out) {
        final int payload = (int) INT.get(ring, at(address) + PAYLOAD);
        if (payload > 0) {
            out.put(ring,
                textAt(address) + bytes(address) + Math.max(0, changedBytes(address)) + removedBytes(address),
                payload);
        }
    }

    /** The bytes behind {@link #textAt}; valid until the next {@link #write}. */
    byte[] ring() {
        return ring;
    }

    /** Index of the protocol's entry in {@link #ring()}; the changed fields follow. */
    int textAt(final long address) {
        return at(address) + TEXT;
    }

    /** The venue's time of an entry, or {@link penstock.ring.TickPublisher#NO_TIME}. */
    public long timeUs(final long address) {
        return (long) LONG.get(ring, at(address) + TIME);
    }

    /** Whether it is stored what stands in front of the value in the protocol's entry. */
    boolean hasHead(final long address) {
        return (int) INT.get(ring, at(address) + VALUE) > 0;
    }

    /** Index of the value of the protocol's entry in {@link #ring()}. */
    int valueAt(final long address) {
        return textAt(address) + (int) INT.get(ring, at(address) + VALUE);
    }

    /** The state of the topic with the update. */
    public TopicState state(final long address) {
        return STATES[(int) INT.get(ring, at(address) + STATE) & ~SHARED];
    }

    /** Several readers are sent the newest entry of a topic as a row. */
    void share(final int topic) {
        final int at = at(newest[topic]) + STATE;
        INT.set(ring, at, (int) INT.get(ring, at) | SHARED);
    }

    boolean isShared(final long address) {
        return ((int) INT.get(ring, at(address) + STATE) & SHARED) != 0;
    }

    int changedBytes(final long address) {
        return (int) INT.get(ring, at(address) + CHANGED);
    }

    /** Length of the names of removed fields, behind the changed ones. */
    int removedBytes(final long address) {
        return (int) INT.get(ring, at(address) + REMOVED);
    }

    boolean isOff() {
        return maxBytes == 0;
    }

    /** True if an entry with that much text may be stored: it takes at most a quarter of the ring. */
    boolean fits(final int textBytes) {
        return entryBytes(textBytes) <= maxBytes / 4;
    }

    /** True if the topic's newest update is the last one that was stored. */
    boolean isCurrent(final Topic topic) {
        return storedQ[topic.id()] == topic.q();
    }

    /** Starts a new chain of entries: updates of the topic were not stored until now. */
    void begin(final Topic topic) {
        newest[topic.id()] = NONE;
        storedQ[topic.id()] = topic.q();
    }

    /**
     * Stores the newest update of a topic; {@code bytes} is negative for a whole image. What {@code text} has behind
     * them, the changed fields and the names of removed ones, is the payload.
     */
    void write(final Topic topic, final TopicState state, final MessageBuffer text, final int valueAt, final int bytes,
            final int changedBytes, final int removedBytes) {
        final int length = entryBytes(text.length());
        makeRoom(length);
        final int id = topic.id();
        final int at = at(head);
        INT.set(ring, at, length);
        INT.set(ring, at + TOPIC, id);
        LONG.set(ring, at + Q, topic.q());
        LONG.set(ring, at + P, topic.p());
        LONG.set(ring, at + RECEIVED, topic.receivedNs());
        LONG.set(ring, at + PREVIOUS, newest[id]);
        LONG.set(ring, at + SKIPPED, topic.q() - Math.max(storedQ[id], topic.sinceQ()) - 1);
        INT.set(ring, at + BYTES, bytes);
        INT.set(ring, at + CHANGED, changedBytes);
        INT.set(ring, at + PAYLOAD, text.length() - Math.abs(bytes) - Math.max(0, changedBytes) - removedBytes);
        INT.set(ring, at + REMOVED, removedBytes);
        LONG.set(ring, at + TIME, topic.timeUs());
        INT.set(ring, at + VALUE, valueAt);
        INT.set(ring, at + STATE, state.ordinal());
        System.arraycopy(text.bytes(), 0, ring, at + TEXT, text.length());
        newest[id] = head;
        storedQ[id] = topic.q();
        head += length;
    }

    /** Makes fillers of a topic's entries: its number may belong to another topic from now on. */
    void forget(final int topic) {
        for (long address = newest[topic]; address >= oldest; address = previous(address)) {
            INT.set(ring, at(address) + TOPIC, FILLER);
        }
        newest[topic] = NONE;
        storedQ[topic] = 0;
    }

    /** Nothing is stored any more; addresses go on. */
    void clear() {
        oldest = head;
    }

    void ensureTopics(final int size) {
        final int had = newest.length;
        storedQ = Arrays.copyOf(storedQ, size);
        newest = Arrays.copyOf(newest, size);
        Arrays.fill(newest, had, size, NONE);
    }

    private static int entryBytes(final int textBytes) {
        return TEXT + textBytes + 7 & -8;
    }

    private int length(final long address) {
        return (int) INT.get(ring, at(address));
    }

    private int at(final long address) {
        return (int) address & ring.length - 1;
    }

    /** Makes room for an entry in one piece: a filler takes the end of the ring if the entry does not fit there. */
    private void makeRoom(final int length) {
        while (head + length > ring.length && ring.length < maxBytes) {
            // Nothing is overwritten yet, so each address is its index and stays valid.
            ring = Arrays.copyOf(ring, Math.max(MIN_BYTES, ring.length * 2));
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
            if (topic(oldest) != FILLER) {
                overwrites.add(topic(oldest), p(oldest), q(oldest), q(oldest) - 1 - skipped(oldest));
            }
            oldest += length(oldest);
        }
    }
}
