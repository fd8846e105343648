package penstock.topic.image;

import java.util.ArrayList;
import java.util.List;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;

/**
 * The different views of a topic and the number of subscriptions to each. There are few, and a look-up mostly repeats
 * the one before, which is found first by identity. Owned by the shard's io thread.
 */
final class ViewList {
    /** Without views, for all images; nothing is added to it. */
    static final ViewList NONE = new ViewList(null);

    /** An entry here, and the object of the view. */
    private static final int VIEW_BYTES = 192;

    private List<Counted> counted = List.of();
    private final MemoryShare memory;
    private View lastView;
    private ValueView lastValue;

    ViewList(final MemoryShare memory) {
        this.memory = memory;
    }

    /** This list, or a new one if this is the one that all share. */
    ViewList own(final MemoryShare itsMemory) {
        return this == NONE ? new ViewList(itsMemory) : this;
    }

    /** Bytes that one more view takes; 0 if it is here. */
    long growth(final View view) {
        return counted(view) != null ? 0 : VIEW_BYTES;
    }

    boolean isEmpty() {
        return counted.isEmpty();
    }

    /** The value in a view, or null if the view has no subscription. */
    ValueView find(final View view) {
        if (view != lastView) {
            final Counted found = counted(view);
            if (found == null) {
                return null;
            }
            lastView = view;
            lastValue = found.value;
        }
        return lastValue;
    }

    /** Counts a subscription; false if it is the first to the view, which must be added. */
    boolean retain(final View view) {
        final Counted found = counted(view);
        if (found != null) {
            found.subscriptions++;
        }
        return found != null;
    }

    /** Adds a view with its first subscription. */
    void add(final View view, final ValueView value) {
        memory.reserve(MemoryUse.VIEWS, VIEW_BYTES);
        if (counted.isEmpty()) {
            counted = new ArrayList<>(1);
        }
        counted.add(new Counted(view, value));
    }

    /** Takes back one subscription. */
    void release(final View view) {
        final Counted found = counted(view);
        assert found != null : "each release follows a retain";
        if (found != null && --found.subscriptions == 0) {
            counted.remove(found);
            found.value.drop();
            memory.release(MemoryUse.VIEWS, VIEW_BYTES);
            lastView = null;
            lastValue = null;
        }
    }

    private Counted counted(final View view) {
        for (int i = 0; i < counted.size(); i++) {
            if (counted.get(i).view.isSame(view)) {
                return counted.get(i);
            }
        }
        return null;
    }

    private static final class Counted {
        private final View view;
        private final ValueView value;
        private int subscriptions = 1;

        private Counted(final View view, final ValueView value) {
            this.view = view;
            this.value = value;
        }
    }
}
