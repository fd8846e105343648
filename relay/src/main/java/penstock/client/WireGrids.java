package penstock.client;

import java.util.Arrays;
import penstock.client.value.MessageEntry;

/**
 * The grids that share a subscription. One that joins or leaves while they are called takes part from the next call on.
 *
 * <p>Owned by the client's thread.
 */
final class WireGrids {
    private WireWatcher[] grids = {};

    void add(final WireWatcher grid) {
        grids = Arrays.copyOf(grids, grids.length + 1);
        grids[grids.length - 1] = grid;
    }

    void remove(final WireWatcher grid) {
        grids = Arrays.stream(grids).filter(each -> each != grid).toArray(WireWatcher[]::new);
    }

    boolean isEmpty() {
        return grids.length == 0;
    }

    int count() {
        return grids.length;
    }

    int shortestIntervalMs() {
        int shortest = Integer.MAX_VALUE;
        for (final WireWatcher grid : grids) {
            shortest = Math.min(shortest, grid.intervalMs());
        }
        return shortest;
    }

    void onGone(final String symbol) {
        for (final WireWatcher grid : grids) {
            grid.onGone(symbol);
        }
    }

    void onUrgent() {
        for (final WireWatcher grid : grids) {
            grid.onUrgent();
        }
    }

    void onEntry(final MessageEntry entry, final HeldTopic topic) {
        for (final WireWatcher grid : grids) {
            grid.onEntry(entry, topic);
        }
    }

    void onEvent(final HeldTopic topic) {
        for (final WireWatcher grid : grids) {
            grid.onEvent(topic);
        }
    }

    void onGap(final long missed) {
        for (final WireWatcher grid : grids) {
            grid.onGap(missed);
        }
    }

    void onWhole() {
        for (final WireWatcher grid : grids) {
            grid.onWhole();
        }
    }

    void onRefused(final RefusedException reason) {
        for (final WireWatcher grid : grids) {
            grid.onRefused(reason);
        }
    }
}
