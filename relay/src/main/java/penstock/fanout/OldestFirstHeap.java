package penstock.fanout;

/**
 * Some of many by the time that they wait: a heap of indexes, from which the first are taken. {@code n} of which
 * {@code k} are taken cost n + k log n, and no garbage. Owned by the shard.
 */
final class OldestFirstHeap {
    private int[] heap = new int[256];
    private long[] since = new long[256];
    private long[] changed = new long[256];
    private int count;
    private int size;

    /** Empties it for as many as {@code most}. */
    void clear(final int most) {
        count = 0;
        if (most > heap.length) {
            final int length = Integer.highestOneBit(most - 1) * 2;
            heap = new int[length];
            since = new long[length];
            changed = new long[length];
        }
    }

    /** Adds the next index; of two that wait since the same position, that of the older change goes first. */
    void add(final int index, final long waitsSince, final long changedAt) {
        since[index] = waitsSince;
        changed[index] = changedAt;
        heap[count++] = index;
    }

    /** Takes the first {@code taken}: from now on they stand in front, in order, and the next one behind them. */
    void take(final int taken) {
        size = count;
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
        for (int n = Math.min(taken + 1, count); n > 0; n--) {
            final int first = heap[0];
            heap[0] = heap[--size];
            heap[size] = first;
            sink(0);
        }
    }

    /** The index at a place of those taken, and of the one behind them. */
    int index(final int place) {
        return heap[count - 1 - place];
    }

    /** Since when the one at that place waits. */
    long since(final int place) {
        return since[index(place)];
    }

    private void sink(final int from) {
        int at = from;
        while (true) {
            int least = at * 2 + 1;
            if (least >= size) {
                return;
            }
            if (least + 1 < size && isBefore(heap[least + 1], heap[least])) {
                least++;
            }
            if (!isBefore(heap[least], heap[at])) {
                return;
            }
            final int other = heap[at];
            heap[at] = heap[least];
            heap[least] = other;
            at = least;
        }
    }

    private boolean isBefore(final int a, final int b) {
        return since[a] != since[b] ? since[a] < since[b] : changed[a] < changed[b];
    }
}
