package penstock.topic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.ring.Conflator;
import penstock.topic.image.ConflationPolicy;
import penstock.topic.image.Image;
import penstock.topic.image.View;

/**
 * One kind of data of the feed and its topics, which also hang in a list ordered by their last change: an update moves
 * its topic to the end. Who was sent everything up to some position walks back from the end to that position. Owned by
 * the shard.
 */
public final class Channel {
    private static final int KEPT_VIEWS = 64;

    private final int index;
    private final String name;
    private final ConflationPolicy conflation;
    private final boolean isDefault;
    private final List<Topic> topics = new ArrayList<>();
    private final Map<String, Topic> bySymbol = new HashMap<>();
    private final View[] views = new View[KEPT_VIEWS];
    private int nextView;
    private Topic newest;
    private long changes;

    /** {@code conflation} is the class as the protocol spells it: {@code last-value}. */
    public Channel(final int index, final String name, final String conflation, final boolean isDefault) {
        this.index = index;
        this.name = name;
        this.conflation = ConflationPolicy.of(conflation);
        this.isDefault = isDefault;
    }

    /** The channel's number within the feed. */
    public int index() {
        return index;
    }

    /** Its name, as subscribers say it. */
    public String name() {
        return name;
    }

    /** Its conflation class, as the protocol spells it. */
    public String conflation() {
        return conflation.spelling();
    }

    /** Whether each of its updates counts. */
    public boolean isEventChannel() {
        return conflation == ConflationPolicy.EVENT;
    }

    /** Whether the newest payload of the upstream says all there is, so that it can be sent alone. */
    public boolean isSelfContained() {
        return conflation == ConflationPolicy.LAST_VALUE;
    }

    /**
     * Whether its values are order books: who missed an update can make no use of those behind it before it is sent an
     * image again.
     */
    public boolean isBook() {
        return conflation == ConflationPolicy.ORDER_BOOK;
    }

    /** What folds the updates of one of its topics while they wait in front of a full ring. Any thread. */
    public Conflator newConflator() {
        return conflation.newConflator();
    }

    Image newImage() {
        return conflation.newImage();
    }

    /** Whether a request that names no channel means this one. */
    public boolean isDefault() {
        return isDefault;
    }

    /** Its topics, in order of appearance. */
    public List<Topic> topics() {
        return topics;
    }

    /** The topic of a symbol, or null. */
    public Topic topic(final String symbol) {
        return bySymbol.get(symbol);
    }

    /**
     * A view of its topics. Equal ones are one object, as long as there are few: it is found first wherever it is
     * looked for.
     */
    public View view(final List<String> fields, final boolean delta, final int depth) {
        final View view = new View(fields, delta, depth);
        if (view.isFull()) {
            return View.FULL;
        }
        for (int i = 0; i < KEPT_VIEWS && views[i] != null; i++) {
            if (views[i].isSame(view)) {
                return views[i];
            }
        }
        views[nextView] = view;
        nextView = (nextView + 1) % KEPT_VIEWS;
        return view;
    }

    /** The topic that changed last, or null; go on with {@link Topic#older()}. */
    public Topic newest() {
        return newest;
    }

    /** How many changes were stored: the difference of two readings bounds the topics changed between them. */
    public long changes() {
        return changes;
    }

    void add(final Topic topic) {
        topics.add(topic);
        bySymbol.put(topic.symbol(), topic);
    }

    void changed(final Topic topic) {
        changes++;
        if (topic != newest) {
            topic.moveBehind(newest);
            newest = topic;
        }
    }
}
