package penstock.topic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.topic.image.View;

/**
 * The views that subscriptions to a channel use. Equal views are one object; a view that no subscription uses any more
 * is forgotten. Owned by the shard's io thread.
 */
public final class ViewTable {
    private static final class Counted {
        private final View view;
        private int users;

        private Counted(final View view) {
            this.view = view;
        }
    }

    private final Map<View, Counted> views = new HashMap<>();
    private final MemoryShare memory;

    ViewTable(final MemoryShare memory) {
        this.memory = memory;
    }

    /** A view: the one that is used already, or a new one. */
    public View find(final List<String> fields, final boolean delta, final int depth) {
        final View view = new View(fields, delta, depth);
        if (view.isFull()) {
            return View.FULL;
        }
        final Counted known = views.get(view);
        return known == null ? view : known.view;
    }

    /** Bytes of heap that one more user of the view takes. */
    public long growth(final View view) {
        return view.isFull() || views.containsKey(view) ? 0 : view.bytes();
    }

    /** One more subscription uses the view. */
    public void add(final View view) {
        if (!view.isFull()) {
            memory.reserve(MemoryUse.VIEWS, growth(view));
            views.computeIfAbsent(view, Counted::new).users++;
        }
    }

    /** One subscription less uses the view. */
    public void remove(final View view) {
        if (!view.isFull() && --views.get(view).users == 0) {
            views.remove(view);
            memory.release(MemoryUse.VIEWS, view.bytes());
        }
    }
}
