package penstock.fanout.schedule;

import org.agrona.collections.IntArrayList;

/** Gives out small dense ids and reuses those that were given back. Owned by the shard's io thread. */
public final class IdPool {
    private final IntArrayList free = new IntArrayList();
    private int next;

    /** Takes an id that is not in use. */
    public int take() {
        return free.isEmpty() ? next++ : free.popInt();
    }

    /** The id that the next {@link #take} returns. */
    int peek() {
        return free.isEmpty() ? next : free.getInt(free.size() - 1);
    }

    /** Gives an id back; a later {@link #take} returns it again. */
    public void giveBack(final int id) {
        free.pushInt(id);
    }
}
