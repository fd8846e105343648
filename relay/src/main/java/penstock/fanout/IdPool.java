package penstock.fanout;

import java.util.Arrays;

/** Gives out small dense ids, the ones that came back first. Owned by the shard. */
final class IdPool {
    private int[] free = new int[16];
    private int freeCount;
    private int next;

    int take() {
        return freeCount > 0 ? free[--freeCount] : next++;
    }

    void giveBack(final int id) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = id;
    }
}
