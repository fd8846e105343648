package penstock.fanout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import penstock.thread.SlicedLoop;
import penstock.wire.RequestException;

/**
 * The work on one request, in parts: loops that can be interrupted, and short steps that cannot. It goes on in slices
 * until it is done, refused or ended. Owned by the shard's io thread.
 */
final class RequestWork {
    /** A step, which may refuse the request. */
    interface Step {
        /** Takes the step. */
        void run() throws RequestException;
    }

    /** Work that may be interrupted. */
    interface Part {
        /** Goes on until it is done or the slice is over; returns whether it is done. */
        boolean advance(SlicedWork.Slice slice) throws RequestException;
    }

    private final Deque<Part> parts = new ArrayDeque<>();
    private final Runnable onSlice;
    private final Runnable onPause;
    private final Runnable onEnd;
    private boolean isUrgent;

    /**
     * Work without a part.
     *
     * @param onSlice runs before each slice
     * @param onPause runs behind each slice
     * @param onEnd   runs once, when the work is done, refused or given up
     */
    RequestWork(final Runnable onSlice, final Runnable onPause, final Runnable onEnd) {
        this.onSlice = onSlice;
        this.onPause = onPause;
        this.onEnd = onEnd;
    }

    /** Work that keeps nothing from slice to slice. */
    RequestWork() {
        this(() -> { }, () -> { }, () -> { });
    }

    /** Then this is done. */
    RequestWork part(final Part part) {
        parts.add(part);
        return this;
    }

    /** Then this loop runs, which is made when its turn comes. */
    RequestWork loop(final Supplier<SlicedLoop> loop) {
        return part(new Part() {
            private SlicedLoop begun;

            @Override
            public boolean advance(final SlicedWork.Slice slice) {
                if (begun == null && !slice.isOver()) {
                    begun = loop.get();
                }
                return begun != null && begun.advance(slice::isOver);
            }
        });
    }

    /** Then this short step is taken. */
    RequestWork step(final Step step) {
        return part(slice -> {
            final boolean mayBegin = !slice.isOver();
            if (mayBegin) {
                step.run();
            }
            return mayBegin;
        });
    }

    /** Then this step is taken, also at the end of a slice: it takes no longer than putting it off. */
    RequestWork stepAtOnce(final Step step) {
        return part(slice -> {
            step.run();
            return true;
        });
    }

    /** Then this step is taken, which takes up to a millisecond. */
    RequestWork longStep(final Step step) {
        return part(slice -> {
            final boolean mayBegin = slice.mayBegin();
            if (mayBegin) {
                step.run();
            }
            return mayBegin;
        });
    }

    /** From here on a subscription waits for the end of the work. */
    RequestWork urgent() {
        return part(slice -> {
            isUrgent = true;
            return true;
        });
    }

    /** Goes on until the work is done or the slice is over; returns whether it is done. */
    boolean advance(final SlicedWork.Slice slice) throws RequestException {
        onSlice.run();
        try {
            while (!parts.isEmpty()) {
                if (!parts.peek().advance(slice)) {
                    return parts.isEmpty();
                }
                // a session that ends has given up the work
                parts.poll();
            }
            return true;
        } finally {
            onPause.run();
        }
    }

    /** Whether a subscription waits for the end. */
    boolean isUrgent() {
        return isUrgent;
    }

    /** The work is over, done or not. */
    void end() {
        parts.clear();
        onEnd.run();
    }
}
