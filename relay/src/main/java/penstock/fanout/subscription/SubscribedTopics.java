package penstock.fanout.subscription;

import java.util.Arrays;
import penstock.fanout.layout.LayoutSearch;
import penstock.fanout.layout.TopicLayout;
import penstock.fanout.layout.TopicLayouts;
import penstock.memory.MemoryUse;
import penstock.ring.TopicState;

/**
 * The topics of one subscription. Per topic: the sequence sent last, the state notified last, and whether a request
 * named it. Which topic is in which slot is in a {@link TopicLayout}, which equal subscriptions share. A topic takes 4
 * bytes here while all sequences are below 2<sup>31</sup>, and one more once anything but the sequence is noted. With a
 * rate limit also the position since which each topic waits, 8 bytes. Owned by the shard's io thread.
 */
public final class SubscribedTopics {
    /** The sequence of a topic whose image is pending without a request; {@link PendingSnapshots} has lower ones. */
    public static final long NEVER_SENT = -1;
    /** No slot, or no topic in a slot. */
    public static final int NONE = -1;
    private static final int ABSENT = Integer.MIN_VALUE;
    private static final long NOT_WAITING = -1;
    private static final int[] NO_INTS = {};
    private static final long[] NO_LONGS = {};
    private static final byte[] NO_BYTES = {};
    /** The headers of the arrays. */
    private static final int ARRAYS_BYTES = 48;
    private static final int NAMED = 4;
    private static final int WHOLE = 8;
    private static final int REFRESH = 16;
    private static final int ANNOUNCED = 32;
    private static final int STATE = 3;
    /** The last one is null. */
    private static final TopicState[] STATES = Arrays.copyOf(TopicState.values(), TopicState.values().length + 1);
    private static final int UNSEEN = STATES.length - 1;

    private final TopicLayouts layouts;
    /** Null while there is no slot. */
    private TopicLayout layout;
    /** Of the layout, when a topic was added last. */
    private int[] topics = NO_INTS;
    private long[] index;
    private int slots;
    /** The sequences sent; empty when they are in {@link #wide}. */
    private int[] sent = NO_INTS;
    /** Null while all sequences are below 2^31. */
    private long[] wide;
    /** The state notified, whether a request named the topic, and how its next entry is sent. Empty while all are 0. */
    private byte[] marks = NO_BYTES;
    private long[] since = NO_LONGS;
    private boolean tracksWaiting;
    private int size;
    private int pendingImages;
    private int named;
    /** How many slots have {@link #WHOLE} or {@link #REFRESH}. */
    private int entryMarks;
    private long accounted;

    SubscribedTopics(final TopicLayouts layouts) {
        this.layouts = layouts;
    }

    /** Bytes of heap that topics take more, at most: their layout is there, the table tracks since when they wait. */
    long growth(final int count, final boolean isShared, final boolean tracks) {
        return bytes(slots + count, tracks) - accounted
            + (count == 0 || slots == 0 && isShared ? 0 : TopicLayout.bytes(slots + count));
    }

    /** {@code count} topics are about to be added: a table without topics takes their layout, if there is one. */
    void expect(final LayoutSearch search, final int count) {
        if (slots == 0 && search.isComplete()) {
            layout = search.take();
            follow();
            allocate(count);
            slots = count;
        } else if (slots + count > capacity()) {
            allocate(slots + count);
        }
    }

    /** Which topics are in the slots; null while there is none. */
    TopicLayout layout() {
        return layout;
    }

    /** Takes the layout of equal subscriptions, if it was found and no topic came meanwhile. */
    void share(final LayoutSearch equal) {
        if (slots > 0) {
            layout = equal.takeInsteadOf(layout, slots);
            follow();
        }
    }

    /** Adds a topic that is not there yet and that the client takes for live; {@code isNamed} by a request, exactly. */
    void add(final int topic, final boolean isNamed, final long sentQ) {
        final int slot = newSlot(topic);
        set(slot, sentQ);
        if (isNamed) {
            mark(slot, NAMED);
        }
        size++;
        named += isNamed ? 1 : 0;
        pendingImages += sentQ < 0 ? 1 : 0;
    }

    /** The slot of a topic, or {@link #NONE}. */
    public int slot(final int topic) {
        final int slot = TopicLayout.slot(topic, topics, slots, index);
        return slot != NONE && slot < slots && sentQ(slot) != ABSENT ? slot : NONE;
    }

    /** The number of slots; some are free. */
    public int slots() {
        return slots;
    }

    /** The topic in a slot, or {@link #NONE}. */
    public int topic(final int slot) {
        return sentQ(slot) == ABSENT ? NONE : topics[slot];
    }

    /** Whether a request named the topic exactly. */
    public boolean isNamed(final int slot) {
        return (marks(slot) & NAMED) != 0;
    }

    /** A request names the topic exactly; false when one did before. */
    boolean markNamed(final int slot) {
        if (isNamed(slot)) {
            return false;
        }
        mark(slot, marks(slot) | NAMED);
        named++;
        return true;
    }

    /** The state that the client was notified of last; null if that it may not see the topic. */
    public TopicState notifiedState(final int slot) {
        return STATES[marks(slot) & STATE];
    }

    /** The client is notified of a state; null if that it may not see the topic. */
    public void onNotified(final int slot, final TopicState state) {
        mark(slot, marks(slot) & ~STATE | (state == null ? UNSEEN : state.ordinal()));
    }

    /** The sequence that was sent last; negative while an image is pending. */
    public long sentQ(final int slot) {
        return wide == null ? sent[slot] : wide[slot];
    }

    /** The topic was sent up to sequence {@code q}. */
    public void onSent(final int slot, final long q) {
        if (sentQ(slot) < 0) {
            pendingImages--;
        }
        onMissed(slot, q);
        if (entryMarks > 0) {
            unmark(slot);
        }
    }

    /** The client was informed that updates up to sequence {@code q} are missing. */
    public void onMissed(final int slot, final long q) {
        set(slot, q);
        if (tracksWaiting) {
            since[slot] = NOT_WAITING;
        }
    }

    /** The client cannot apply a change or count from what it has: the next entry of the topic is sent whole. */
    void requireWhole(final int slot) {
        markEntry(slot, WHOLE);
    }

    /** Whether the next entry of the topic is sent whole. */
    public boolean isWholeNext(final int slot) {
        return (marks(slot) & WHOLE) != 0;
    }

    /** Mode all: the client needs the image of the topic, unless an entry comes before. */
    void requestRefresh(final int slot) {
        markEntry(slot, REFRESH);
    }

    /** Whether the client needs the image of the topic, unless an entry comes before. */
    public boolean isRefreshPending(final int slot) {
        return (marks(slot) & REFRESH) != 0;
    }

    /** Rows: whether the client knows the number of the topic and its sequence. */
    public boolean isAnnounced(final int slot) {
        return (marks(slot) & ANNOUNCED) != 0;
    }

    /** Rows: the client knows the number of the topic and its sequence from now on, or not any more. */
    public void onAnnounced(final int slot, final boolean isKnown) {
        mark(slot, isKnown ? marks(slot) | ANNOUNCED : marks(slot) & ~ANNOUNCED);
    }

    /** Whether any topic has a mark of {@link #isWholeNext} or {@link #isRefreshPending}. */
    public boolean hasMarks() {
        return entryMarks > 0;
    }

    /** Begins or ends to record since when topics wait. */
    void trackWaiting(final boolean tracked) {
        tracksWaiting = tracked;
        since = tracked ? new long[capacity()] : NO_LONGS;
        Arrays.fill(since, NOT_WAITING);
        account();
    }

    /** The position since which the topic waits to be sent: {@code p}, unless it waited before. */
    public long waitingSince(final int slot, final long p) {
        if (since[slot] == NOT_WAITING) {
            since[slot] = p;
        }
        return since[slot];
    }

    /** Whether the image of the topic is pending. */
    public boolean isImagePending(final int slot) {
        return sentQ(slot) < 0 && sentQ(slot) != ABSENT;
    }

    /** The image of the topic is pending again, in the snapshot of that code. */
    public void requestImage(final int slot, final long code) {
        if (sentQ(slot) >= 0) {
            pendingImages++;
            set(slot, code);
            unmark(slot);
        }
    }

    /** How many topics there are. */
    public int size() {
        return size;
    }

    /** How many images are pending. */
    public int pendingImages() {
        return pendingImages;
    }

    /** How many topics requests named exactly. */
    public int named() {
        return named;
    }

    /** Removes the topic in a slot; with the last topic all slots go. */
    void remove(final int slot) {
        size--;
        named -= isNamed(slot) ? 1 : 0;
        pendingImages -= isImagePending(slot) ? 1 : 0;
        set(slot, ABSENT);
        unmark(slot);
        mark(slot, 0);
        if (tracksWaiting) {
            since[slot] = NOT_WAITING;
        }
        if (size == 0) {
            clear();
        }
    }

    /** The table is about to be cleared, and the topic in a slot goes before. */
    void leave(final int slot) {
        set(slot, ABSENT);
    }

    /** Gives all memory back. */
    void clear() {
        if (layout != null) {
            layouts.release(layout);
        }
        layout = null;
        topics = NO_INTS;
        index = null;
        slots = 0;
        sent = NO_INTS;
        wide = null;
        marks = NO_BYTES;
        entryMarks = 0;
        since = NO_LONGS;
        account();
    }

    /** The slot for a topic that has none here. */
    private int newSlot(final int topic) {
        int slot = slots == 0 ? NONE : layout.slot(topic);
        if (slot == NONE || slot > slots) {
            slot = extend(topic);
        }
        if (slot == slots) {
            if (slots == capacity()) {
                allocate(slots + (slots >> 3) + 4);
            }
            slots++;
        }
        follow();
        return slot;
    }

    private void follow() {
        topics = layout.array();
        index = layout.index();
    }

    /** Puts the topic behind the others; a layout that goes on with another topic is left to its other users. */
    private int extend(final int topic) {
        if (slots > 0 && layout.size() == slots) {
            layouts.append(layout, topic);
            return slots;
        }
        final int[] all = slots == 0 ? new int[1] : layout.topics(slots + 1);
        all[slots] = topic;
        final TopicLayout other = layouts.take(all, slots + 1);
        if (layout != null) {
            layouts.release(layout);
        }
        layout = other;
        return slots;
    }

    private void set(final int slot, final long q) {
        if (q > Integer.MAX_VALUE && wide == null) {
            wide = new long[sent.length];
            Arrays.setAll(wide, i -> sent[i]);
            sent = NO_INTS;
            account();
        }
        if (wide == null) {
            sent[slot] = (int) q;
        } else {
            wide[slot] = q;
        }
    }

    private int marks(final int slot) {
        return marks.length == 0 ? 0 : marks[slot];
    }

    private void mark(final int slot, final int mark) {
        if (marks.length == 0) {
            if (mark == 0) {
                return;
            }
            marks = new byte[capacity()];
        }
        marks[slot] = (byte) mark;
    }

    private void markEntry(final int slot, final int bit) {
        entryMarks += (marks(slot) & (WHOLE | REFRESH)) == 0 ? 1 : 0;
        mark(slot, marks(slot) | bit);
    }

    private void unmark(final int slot) {
        if ((marks(slot) & (WHOLE | REFRESH)) != 0) {
            entryMarks--;
            mark(slot, marks(slot) & ~(WHOLE | REFRESH));
        }
    }

    private int capacity() {
        return wide == null ? sent.length : wide.length;
    }

    private void allocate(final int capacity) {
        final int from = capacity();
        if (wide == null) {
            sent = Arrays.copyOf(sent, capacity);
            Arrays.fill(sent, from, capacity, ABSENT);
        } else {
            wide = Arrays.copyOf(wide, capacity);
            Arrays.fill(wide, from, capacity, ABSENT);
        }
        marks = marks.length == 0 ? marks : Arrays.copyOf(marks, capacity);
        if (tracksWaiting) {
            since = Arrays.copyOf(since, capacity);
            Arrays.fill(since, from, capacity, NOT_WAITING);
        }
        account();
    }

    private long bytes(final int capacity, final boolean tracks) {
        return capacity == 0 ? 0 : ARRAYS_BYTES + capacity * ((wide == null ? 5L : 9L) + (tracks ? 8L : 0L));
    }

    private void account() {
        final long bytes = bytes(capacity(), tracksWaiting);
        if (bytes > accounted) {
            layouts.memory().reserve(MemoryUse.SUBSCRIPTIONS, bytes - accounted);
        } else {
            layouts.memory().release(MemoryUse.SUBSCRIPTIONS, accounted - bytes);
        }
        accounted = bytes;
    }
}
