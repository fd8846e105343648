package penstock.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import penstock.client.socket.SerialLane;
import penstock.client.value.MessageEntry;

/**
 * What a user asked for: newest values of symbols, a book, or events. It outlives connections. Values are read on the
 * client's executor ({@link PenstockClient#execute}); everything else may be called by any thread.
 *
 * <p>Owned by the client's thread.
 */
public final class PriceGrid implements WireWatcher {
    /**
     * What came since the subscription began, over all its connections.
     *
     * @param updates   updates
     * @param conflated earlier updates that were conflated into them
     * @param missed    updates that gaps reported missing
     * @param unplaced  those of them that no sequence has skipped yet: the next updates will
     */
    public record Totals(long updates, long conflated, long missed, long unplaced) {
    }

    /** Nothing has to be shown. */
    static final long NEVER = Long.MAX_VALUE;

    private final GridHost host;
    private final Consumer<FrameView> frames;
    private final EventListener events;
    private final FrameView frame;
    private final TopicView event;
    private final Set<String> gone = new LinkedHashSet<>();
    private volatile GridTerms terms;
    private volatile CompletableFuture<Void> ready = new CompletableFuture<>();
    private WireSubscription wire;
    /** Changes of the subscription that were shown. */
    private long shown;
    private long shownMs = Long.MIN_VALUE / 2;
    private boolean isUrgent;
    private boolean isOver;

    /** {@code events} hears of each entry, and of the events of mode all; null: no one does. */
    PriceGrid(final GridHost host, final GridTerms terms, final Consumer<FrameView> frames,
            final EventListener events) {
        this.host = host;
        this.terms = terms;
        this.frames = frames;
        this.events = events;
        frame = new FrameView(host);
        event = new TopicView(host);
    }

    void join() {
        shown = 0;
        wire = host.join(terms, this);
    }

    /** What was asked for. */
    public GridTerms terms() {
        return terms;
    }

    /** Ends when the first snapshot is complete, or with a {@link RefusedException}; other terms begin it again. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** What is known of a symbol; null if nothing is. */
    public TopicView get(final String symbol) {
        host.checkThread();
        final HeldTopic topic = wire.topics().get(symbol);
        final TopicView view = topic == null ? null : new TopicView(host).show(symbol, topic);
        return view != null && view.isKnown() ? view : null;
    }

    /** The symbols of which something is known. */
    public List<String> symbols() {
        host.checkThread();
        final List<String> symbols = new ArrayList<>();
        for (HeldTopic topic = wire.topics().first(); topic != null; topic = topic.after) {
            symbols.add(topic.symbol);
        }
        return symbols;
    }

    /** The account of what came. Grids that ask for the same share it, and other terms begin it again. */
    public Totals totals() {
        host.checkThread();
        final GapLedger ledger = wire.ledger();
        return new Totals(ledger.updates(), ledger.conflated(), ledger.reported(), ledger.missed());
    }

    /**
     * Other terms. Another interval, and other symbols without patterns, change the subscription that runs; anything
     * else begins a new one.
     */
    public void set(final GridTerms other) {
        host.enter(() -> {
            if (!isOver) {
                change(other);
            }
        });
    }

    private void change(final GridTerms asked) {
        final GridTerms before = terms;
        terms = asked.orChannel(before.channel());
        final boolean isSameSymbols = terms.isSameSymbols(before);
        if (terms.isSameView(before) && (isSameSymbols || mayChangeSymbols())) {
            if (!isSameSymbols) {
                wire.change(terms);
            }
            wire.retime();
            return;
        }
        final List<String> held = symbols();
        host.leave(wire, this);
        ready = new CompletableFuture<>();
        join();
        gone.addAll(held);
        host.schedule();
    }

    /** No other grid shares the subscription, and no pattern is involved. */
    private boolean mayChangeSymbols() {
        return wire.grids().count() == 1 && !terms.isOnce() && !wire.terms().hasPatterns() && !terms.hasPatterns()
            && !host.isRunning(terms);
    }

    /** Ends it. */
    public void close() {
        host.enter(this::end);
    }

    private void end() {
        if (!isOver) {
            isOver = true;
            host.leave(wire, this);
            host.remove(this);
            ready.completeExceptionally(RefusedException.closed());
            tell(null);
        }
    }

    /** Shows what changed; returns how long that has to wait for the interval, in ms. */
    long paint(final long nowMs) {
        final HeldTopics topics = wire.topics();
        if (gone.isEmpty() && (topics.last() == null || topics.changes() == shown)) {
            return NEVER;
        }
        final int intervalMs = terms.intervalMs();
        final long waitMs = isUrgent || intervalMs <= wire.intervalMs() ? 0 : shownMs + intervalMs - nowMs;
        if (waitMs > 0) {
            return waitMs;
        }
        for (HeldTopic topic = topics.changedSince(shown); topic != null; topic = topic.after) {
            frame.add(topic.symbol, topic);
        }
        if (!gone.isEmpty()) {
            addGone(topics);
        }
        shown = topics.changes();
        shownMs = nowMs;
        isUrgent = false;
        try {
            if (frames != null && frame.size() > 0) {
                frames.accept(frame);
            }
        } catch (final RuntimeException fault) {
            SerialLane.report(fault);
        } finally {
            frame.clear();
        }
        return NEVER;
    }

    /** Apart, because a loop over a set makes an iterator each time. */
    private void addGone(final HeldTopics topics) {
        for (final String symbol : gone) {
            if (topics.get(symbol) == null) {
                frame.add(symbol, null);
            }
        }
        gone.clear();
    }

    @Override
    public int intervalMs() {
        return terms.intervalMs();
    }

    @Override
    public void onGone(final String symbol) {
        gone.add(symbol);
    }

    @Override
    public void onUrgent() {
        isUrgent = true;
    }

    @Override
    public void onEntry(final MessageEntry entry, final HeldTopic topic) {
        if (events != null) {
            try {
                events.onEntry(entry, event.show(topic.symbol, topic));
            } catch (final RuntimeException fault) {
                SerialLane.report(fault);
            }
        }
    }

    @Override
    public void onEvent(final HeldTopic topic) {
        if (events != null) {
            try {
                events.onEvent(event.show(topic.symbol, topic));
            } catch (final RuntimeException fault) {
                SerialLane.report(fault);
            }
        }
    }

    @Override
    public void onGap(final long missed) {
        if (events != null) {
            try {
                events.onGap(missed);
            } catch (final RuntimeException fault) {
                SerialLane.report(fault);
            }
        }
    }

    @Override
    public void onWhole() {
        ready.complete(null);
    }

    @Override
    public void onRefused(final RefusedException reason) {
        ready.completeExceptionally(reason);
        tell(reason);
    }

    private void tell(final RefusedException reason) {
        if (events != null) {
            try {
                events.onEnd(reason);
            } catch (final RuntimeException fault) {
                SerialLane.report(fault);
            }
        }
    }
}
