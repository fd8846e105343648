package penstock.fanout.layout;

import java.util.Arrays;
import penstock.thread.SlicedLoop;

/**
 * Finds the layout of exactly these topics, or makes it, in loops that can be interrupted: first {@link #find}, then
 * {@link #make}, then {@link #take}. Layouts may come and go between the steps: one that was found stays.
 *
 * <p>Owned by the shard's io thread.
 */
public final class LayoutSearch implements AutoCloseable {
    /** Topics that are hashed, compared or put in one go: some 10 µs in a process that is new. */
    private static final int BLOCK = 64;
    private static final int[] NO_TOPICS = {};

    private final TopicLayouts layouts;
    private int[] topics = NO_TOPICS;
    private int count;
    /** The one that is not looked for, or null. */
    private TopicLayout mine;
    private long hash;
    /** Has this search among its users; null unless it may be the one. */
    private TopicLayout found;
    /** Null unless it was made. */
    private TopicLayout made;

    LayoutSearch(final TopicLayouts layouts) {
        this.layouts = layouts;
    }

    /** Looks for the layout of the first {@code size} of these topics, which stay as they are. */
    public SlicedLoop find(final int[] all, final int size) {
        topics = all;
        count = size;
        return find(0);
    }

    /** Looks for another layout of the first {@code size} topics of {@code known}, which may be null. */
    public SlicedLoop findOther(final TopicLayout known, final int size) {
        mine = known;
        count = known == null ? 0 : size;
        topics = known == null ? NO_TOPICS : known.array();
        if (count > 0 && known.size() == count) {
            hash = known.hash();
            lookUp();
            return find(blocks());
        }
        return find(0);
    }

    /** Whether there is one. */
    public boolean isFound() {
        return found != null;
    }

    /** Makes one, unless it was found, or there are no topics. */
    public SlicedLoop make() {
        made = found == null && count > 0 ? new TopicLayout(topics, count, hash) : null;
        return SlicedLoop.of(made == null ? 0 : blocks(), block -> made.index(block * BLOCK, end(block)), 1);
    }

    /** Whether there is a layout to take. */
    public boolean isComplete() {
        return found != null || made != null;
    }

    /** The layout, which the caller uses from now on. */
    public TopicLayout take() {
        final TopicLayout taken = found == null ? made : found;
        if (found == null) {
            layouts.add(made);
        }
        found = null;
        made = null;
        return taken;
    }

    /**
     * The layout that {@link #findOther} found, which the caller uses instead of its own from now on; its own if there
     * is none, or if that is another one by now or has not {@code size} topics.
     */
    public TopicLayout takeInsteadOf(final TopicLayout own, final int size) {
        if (found == null || mine != own || count != size) {
            return own;
        }
        layouts.release(own);
        return take();
    }

    /** Nothing is taken any more. */
    @Override
    public void close() {
        if (found != null) {
            layouts.release(found);
            found = null;
        }
        made = null;
    }

    /** First the blocks are hashed, then those of a layout with that hash are compared. */
    private SlicedLoop find(final int first) {
        final int blocks = blocks();
        return new SlicedLoop(i -> {
            final int step = first + i;
            return step < blocks || step < 2 * blocks && found != null ? i : -1;
        }, i -> {
            final int step = first + i;
            if (step < blocks) {
                hash = TopicLayout.hash(hash, topics, step * BLOCK, end(step));
                if (step == blocks - 1) {
                    lookUp();
                }
            } else {
                compare(step - blocks);
            }
        }, 1);
    }

    private void lookUp() {
        final TopicLayout candidate = layouts.withHash(hash);
        if (candidate != null && candidate != mine && candidate.size() == count) {
            candidate.addUsers(1);
            found = candidate;
        }
    }

    private void compare(final int block) {
        final int from = block * BLOCK;
        if (!Arrays.equals(found.array(), from, end(block), topics, from, end(block))) {
            layouts.release(found);
            found = null;
        }
    }

    private int blocks() {
        return (count + BLOCK - 1) / BLOCK;
    }

    private int end(final int block) {
        return Math.min(count, (block + 1) * BLOCK);
    }
}
