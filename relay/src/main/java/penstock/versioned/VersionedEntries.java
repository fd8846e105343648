package penstock.versioned;

import java.util.Arrays;

/**
 * A table of entries in an order that the subclass decides, each with the version of its last change. A removed entry
 * stays in its place as a tombstone, so that an update can report the removal; the older half of the tombstones is
 * pruned when there are too many. A reader whose version is older than {@link #pruned()} needs a full image.
 *
 * <p>An entry keeps its slot, an index into the arrays here and in the subclass, as long as it exists. Entries are also
 * linked by their last change: the changes since a version are found from {@link #newest()} on, without a look at the
 * rest. No allocation once the arrays have grown. Owned by the owner of the table.
 */
public abstract class VersionedEntries {
    /** No entry. */
    public static final int NONE = -1;
    /** Tombstones allowed in addition to one per live entry. */
    private static final int SPARE_TOMBSTONES = 64;
    private static final int REMOVED = -1;
    private static final int FREE = -2;

    private final boolean prunes;
    private int[] slots;
    private int count;
    private int live;
    private int used;
    private int free = NONE;
    private int newest = NONE;
    private int oldest = NONE;
    private long pruned;

    private long[] changed;
    private long[] born;
    /** The entry that changed before this one; of a free slot, the next free one. */
    private int[] older;
    private int[] newer;
    /** The round that set the entry last; {@link #REMOVED} of a tombstone. */
    private int[] rounds;

    /** A table that never prunes keeps every removal until it is cleared. */
    protected VersionedEntries(final int capacity, final boolean prunes) {
        this.prunes = prunes;
        slots = new int[capacity];
        changed = new long[capacity];
        born = new long[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        rounds = new int[capacity];
    }

    /** Number of entries, tombstones included: their places begin at 0. */
    public final int count() {
        return count;
    }

    /** Number of entries without the tombstones. */
    public final int live() {
        return live;
    }

    /** The slot of the entry at a place. */
    public final int slot(final int place) {
        return slots[place];
    }

    /** The entry that changed last, tombstones included, or {@link #NONE}. */
    public final int newest() {
        return newest;
    }

    /** The entry that changed last before this one, or {@link #NONE}. */
    public final int older(final int slot) {
        return older[slot];
    }

    /** False of a tombstone. */
    public final boolean isLive(final int slot) {
        return rounds[slot] != REMOVED;
    }

    /** The version of the entry's last change. */
    public final long changed(final int slot) {
        return changed[slot];
    }

    /** The newest version of a pruned tombstone: changes since an older version are unknown. */
    public final long pruned() {
        return pruned;
    }

    /** The version of the newest change; 0 if there was none. */
    public final long newestChange() {
        return newest == NONE ? 0 : changed[newest];
    }

    /** True if an entry changed after a version. An entry that came and went since then did not. */
    public final boolean isChanged(final int slot, final long since) {
        return changed[slot] > since && (rounds[slot] != REMOVED || born[slot] <= since);
    }

    /** True if any entry changed after a version. */
    public final boolean isChanged(final long since) {
        for (int slot = newest; slot != NONE && changed[slot] > since; slot = older[slot]) {
            if (isChanged(slot, since)) {
                return true;
            }
        }
        return false;
    }

    /** Removes every entry that the round did not set. */
    public final void keepOnly(final int round, final long version) {
        for (int i = 0; i < count; i++) {
            if (rounds[slots[i]] != round) {
                remove(slots[i], version);
            }
        }
    }

    /** Turns an entry into a tombstone. */
    public final void remove(final int slot, final long version) {
        if (rounds[slot] != REMOVED) {
            rounds[slot] = REMOVED;
            live--;
            touch(slot, version);
        }
    }

    /** Drops the older half of the tombstones if there are too many. */
    public final void prune() {
        final int tombstones = count - live;
        if (prunes && tombstones > SPARE_TOMBSTONES + live) {
            pruneOlder(tombstones / 2);
        }
    }

    /** Forgets all entries and keeps the arrays. */
    public final void clear() {
        count = 0;
        live = 0;
        used = 0;
        free = NONE;
        newest = NONE;
        oldest = NONE;
    }

    /** Slots that the arrays of the subclass need. */
    protected final int capacity() {
        return slots.length;
    }

    /** True if the slot belongs to an entry of the table. */
    protected final boolean isUsed(final int slot) {
        return slot >= 0 && slot < used && newer[slot] != FREE;
    }

    /** A new entry at a place; it did not exist before the version, and is a tombstone until {@link #change}. */
    protected final int insert(final int place, final long version) {
        if (free == NONE && used == slots.length) {
            grow(used * 2);
        }
        final int slot = free == NONE ? used++ : free;
        free = slot == free ? older[slot] : free;
        System.arraycopy(slots, place, slots, place + 1, count - place);
        slots[place] = slot;
        count++;
        changed[slot] = 0;
        born[slot] = version;
        rounds[slot] = REMOVED;
        link(slot);
        return slot;
    }

    /** The round set a live entry to the value that it had. */
    protected final void keep(final int slot, final int round) {
        rounds[slot] = round;
    }

    /** The round, 0 or greater, set an entry to another value. */
    protected final void change(final int slot, final long version, final int round) {
        live += rounds[slot] == REMOVED ? 1 : 0;
        rounds[slot] = round;
        touch(slot, version);
    }

    /** Makes the arrays larger; the subclass extends its own too. */
    protected void grow(final int size) {
        slots = Arrays.copyOf(slots, size);
        changed = Arrays.copyOf(changed, size);
        born = Arrays.copyOf(born, size);
        older = Arrays.copyOf(older, size);
        newer = Arrays.copyOf(newer, size);
        rounds = Arrays.copyOf(rounds, size);
    }

    private void pruneOlder(final int tombstones) {
        int slot = oldest;
        for (int left = tombstones; left > 0; slot = newer[slot]) {
            if (rounds[slot] == REMOVED) {
                pruned = changed[slot];
                left--;
            }
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            slot = slots[i];
            if (rounds[slot] == REMOVED && changed[slot] <= pruned) {
                unlink(slot);
                older[slot] = free;
                newer[slot] = FREE;
                free = slot;
            } else {
                slots[kept++] = slot;
            }
        }
        count = kept;
    }

    private void touch(final int slot, final long version) {
        changed[slot] = version;
        if (slot != newest) {
            unlink(slot);
            link(slot);
        }
    }

    private void link(final int slot) {
        older[slot] = newest;
        newer[slot] = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
    }

    private void unlink(final int slot) {
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
    }
}
