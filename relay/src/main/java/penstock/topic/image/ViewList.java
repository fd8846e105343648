package penstock.topic.image;

import java.util.ArrayList;
import java.util.List;

/**
 * The different views of a topic that are held, and by how many each. There are few, and the one asked for is mostly
 * the one asked for before: the same object is found first. Owned by the shard.
 */
final class ViewList {
    private final List<Held> held = new ArrayList<>(1);
    private View lastView;
    private ValueView lastShown;

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** What a held view is shown, or null. */
    ValueView shown(final View view) {
        if (view != lastView) {
            final Held found = find(view);
            if (found == null) {
                return null;
            }
            lastView = view;
            lastShown = found.shown;
        }
        return lastShown;
    }

    /** One more holds it; false when nobody did, and it must be added. */
    boolean hold(final View view) {
        final Held found = find(view);
        if (found != null) {
            found.holders++;
        }
        return found != null;
    }

    /** The first holds it. */
    void add(final View view, final ValueView shown) {
        held.add(new Held(view, shown));
    }

    /** One less holds it. */
    void release(final View view) {
        final Held found = find(view);
        assert found != null : "a view is let go once per hold";
        if (found != null && --found.holders == 0) {
            held.remove(found);
            lastView = null;
            lastShown = null;
        }
    }

    private Held find(final View view) {
        for (int i = 0; i < held.size(); i++) {
            if (held.get(i).view.isSame(view)) {
                return held.get(i);
            }
        }
        return null;
    }

    private static final class Held {
        private final View view;
        private final ValueView shown;
        private int holders = 1;

        private Held(final View view, final ValueView shown) {
            this.view = view;
            this.shown = shown;
        }
    }
}
