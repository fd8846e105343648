package penstock.thread;

import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/**
 * A loop over indexes that gives its thread back when time is up, and later goes on where it was. Between two parts the
 * indexes may come and go: it asks for the next one when it needs it. Owned by the thread that runs it.
 */
public final class SlicedLoop {
    /** Of bodies that take some tenths of a microsecond; in a process that has just started, a hundred times that. */
    private static final int PER_CHECK = 4;

    private final IntUnaryOperator next;
    private final IntConsumer body;
    private final int perCheck;
    private int from;

    /**
     * A loop whose body takes some tenths of a microsecond.
     *
     * @param next the first index from the given one on; negative if there is none
     */
    public SlicedLoop(final IntUnaryOperator next, final IntConsumer body) {
        this(next, body, PER_CHECK);
    }

    /** A loop that looks at the time each {@code perCheck} indexes. */
    public SlicedLoop(final IntUnaryOperator next, final IntConsumer body, final int perCheck) {
        this.next = next;
        this.body = body;
        this.perCheck = perCheck;
    }

    /** A loop from 0 to {@code count}. */
    public static SlicedLoop of(final int count, final IntConsumer body) {
        return of(count, body, PER_CHECK);
    }

    /** A loop from 0 to {@code count} that looks at the time each {@code perCheck} indexes. */
    public static SlicedLoop of(final int count, final IntConsumer body, final int perCheck) {
        return new SlicedLoop(i -> i < count ? i : -1, body, perCheck);
    }

    /** Goes on until the loop is done or {@code isOver} says that time is up; returns whether it is done. */
    public boolean advance(final BooleanSupplier isOver) {
        int done = 0;
        for (int i = next.applyAsInt(from); i >= 0; i = next.applyAsInt(from)) {
            if (done > 0 && done % perCheck == 0 && isOver.getAsBoolean()) {
                return false;
            }
            body.accept(i);
            from = i + 1;
            done++;
        }
        return true;
    }
}
