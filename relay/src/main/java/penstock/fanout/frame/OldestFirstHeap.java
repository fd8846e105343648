package penstock.fanout.frame;

/**
 * A heap of indexes ordered by wait time; {@code take(k)} selects the k that have waited longest. Taking k of n costs
 * n + k log n and no garbage. Owned by the shard's io thread.
 */
final class OldestFirstHeap {
    private int[] heap = new int[256];
    private long[] since = new long[256];
    private long[] changed = new long[256];
    private int count;
    private int size;

    /** Empties the heap and makes room for {@code max} indexes. */
    void clear(final int max) {
        count = 0;
        if (max > heap.length) {
            final int length = Integer.highestOneBit(max - 1) * 2;
            heap = new int[length];
            since = new long[length];
            changed = new long[length];
        }
    }

    /** Adds an index; of two that wait since the same position, the one with the older change goes first. */
    void add(final int index, final long waitsSince, final long changedAt) {
        since[index] = waitsSince;
        changed[index] = changedAt;
        heap[count++] = index;
    }

    /** Selects the first {@code taken}: places 0 to taken - 1 in order, and the next one at place {@code taken}. */
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

    /** The index at a place, 0 to the number taken. */
    int index(final int place) {
        return heap[count - 1 - place];
    }

    /** The position since which the index at that place waits. */
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
