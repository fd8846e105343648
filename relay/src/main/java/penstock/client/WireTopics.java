package penstock.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import penstock.client.value.MessageEntry;

/**
 * The topics of a subscription: those that it has, and those that came from another one, which are shown until this one
 * has something of them.
 *
 * <p>Owned by the client's thread.
 */
final class WireTopics {
    /** What a subscription uses of the grids that share it. Called on the client's thread. */
    interface Sharing {
        /** What they ask for, but for symbols and interval. */
        GridTerms terms();

        /** Whether they may have other symbols than each other. */
        boolean isSplit();

        /** Those that are shown a symbol: where all ask for the same, it may be one that a pattern matches. */
        HeldTopic.Reader[] readers(String symbol);

        /** What is known of a symbol, taken away from the subscription that has it; null if nothing is. */
        HeldTopic take(String symbol);

        /** What was asked for may have come. */
        void settle();

        /**
         * The relay refused symbols of a subscription. If that has never begun, it may be the fault of one of its
         * grids: each is asked for by itself.
         */
        void refuse(RefusedException reason, List<String> symbols, boolean hasBegun);

        /** Nothing is known of a symbol any more. */
        void onGone(String symbol);

        /** An update was applied; mode all only. */
        void onEvent(HeldTopic topic);

        /** Events are missing; −1: how many is not known. */
        void onGap(long missed);
    }

    private final WireContext context;
    private final Sharing pool;
    private final HeldTopics topics = new HeldTopics();
    private final HeldTopics moving = new HeldTopics();
    /** Symbols as far as requests were answered. */
    private final Set<String> granted = new HashSet<>();
    private int intervalMs;

    WireTopics(final WireContext context, final Sharing pool) {
        this.context = context;
        this.pool = pool;
    }

    /** At which what it has comes. */
    void setInterval(final int ms) {
        intervalMs = ms;
    }

    // ---- symbols that come and go

    void grant(final List<String> symbols) {
        granted.addAll(symbols);
    }

    boolean isGranted(final String symbol) {
        return granted.contains(symbol);
    }

    /** Whether any symbol is. */
    boolean isGranted() {
        return !granted.isEmpty();
    }

    /** A topic comes from another subscription; null: there is none yet. */
    void join(final HeldTopic topic) {
        if (topic != null) {
            (context.isOpen() ? moving : topics).add(topic);
        }
    }

    /** What is shown of a symbol, which it has no more; null if nothing is. */
    HeldTopic take(final String symbol) {
        final HeldTopic moved = moving.remove(symbol);
        final HeldTopic held = topics.remove(symbol);
        return moved == null ? held : moved;
    }

    void giveBack(final String symbol) {
        granted.remove(symbol);
        take(symbol);
    }

    /** Images of these symbols come next. */
    void forget(final List<String> symbols) {
        symbols.forEach(topics::remove);
    }

    /** Nothing that it has counts any more. */
    void clear() {
        touchAll();
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            pool.onGone(topic.symbol);
        }
        topics.clear();
    }

    /** The relay has forgotten it. */
    void drop(final HeldTopic topic) {
        topics.remove(topic.symbol);
        leave(topic);
    }

    /** All that was asked for has come: what the relay sent no image of has no value. */
    void stay() {
        for (HeldTopic topic = moving.first(); topic != null; topic = moving.first()) {
            moving.remove(topic.symbol);
            leave(topic);
        }
    }

    private void leave(final HeldTopic topic) {
        touch(topic);
        pool.onGone(topic.symbol);
    }

    // ---- what there is

    /** What is shown of a symbol; null if nothing is. */
    HeldTopic shown(final String symbol) {
        final HeldTopic moved = moving.isEmpty() ? null : moving.get(symbol);
        return moved == null ? topics.get(symbol) : moved;
    }

    /** The first one; the next ones by {@link HeldTopic#after}. */
    HeldTopic first() {
        return topics.first();
    }

    /** The topic of an entry; null if it is none of this subscription's. */
    HeldTopic of(final MessageEntry entry) {
        final HeldTopic topic = topics.get(entry);
        return topic == null ? of(entry.symbol()) : topic;
    }

    /** The topic of a symbol; null if it is none of this subscription's. */
    HeldTopic of(final String symbol) {
        HeldTopic topic = topics.get(symbol);
        if (topic == null && (!pool.isSplit() || granted.contains(symbol))) {
            topic = new HeldTopic(symbol);
            topic.setReaders(pool.readers(symbol));
            topics.add(topic);
        }
        return topic;
    }

    // ---- states

    /** An entry of the topic came: nothing older is shown. */
    void arrive(final HeldTopic topic) {
        if (!moving.isEmpty()) {
            moving.remove(topic.symbol);
        }
        touch(topic);
    }

    /** The connection is lost. */
    void lose() {
        for (HeldTopic topic = moving.first(); topic != null; topic = moving.first()) {
            moving.remove(topic.symbol);
            topics.remove(topic.symbol);
            topics.add(topic);
        }
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            topic.held = topic.q;
            topic.isKept = true;
            topic.reported = null;
            topic.reason = null;
        }
        touchAll();
    }

    /** The relay goes on at a position. */
    void resume(final long p) {
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            topic.missing.onResumed(p);
        }
    }

    void loseFeed() {
        forEach(topic -> {
            topic.isLost = true;
            topic.isKept = false;
        });
        touchAll();
    }

    /** The relay said nothing of what was kept since the resume: it is as it was. */
    void trust(final boolean isFeedLive) {
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            topic.trust(isFeedLive);
        }
        touchAll();
    }

    void touch(final HeldTopic topic) {
        topic.tell(intervalMs);
        context.schedule();
    }

    /** A state changed: no grid waits for its interval to show that. */
    void touchAll() {
        forEach(topic -> topic.tell(Integer.MAX_VALUE));
        context.schedule();
    }

    /** The grids of its pool are others now. */
    void readAgain() {
        forEach(topic -> topic.setReaders(pool.readers(topic.symbol)));
    }

    private void forEach(final Consumer<HeldTopic> task) {
        for (HeldTopic topic = topics.first(); topic != null; topic = topic.after) {
            task.accept(topic);
        }
        for (HeldTopic topic = moving.first(); topic != null; topic = topic.after) {
            task.accept(topic);
        }
    }
}
