package penstock.client;

import java.util.ArrayList;
import java.util.Arrays;
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
public final class PriceGrid implements HeldTopic.Reader {
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
    private static final int MIN_CHANGED = 16;

    private final GridHost host;
    private final Consumer<FrameView> frames;
    private final EventListener events;
    private final FrameView frame;
    private final TopicView event;
    private final Set<String> gone = new LinkedHashSet<>();
    private volatile GridTerms terms;
    private volatile CompletableFuture<Void> ready = new CompletableFuture<>();
    private WirePool pool;
    private Set<String> names = Set.of();
    private int intervalMs;
    /** Its name where it shares with no other, because the relay refused what several asked for; else null. */
    private String alone;
    /** What changed since the last frame, and its number. */
    private HeldTopic[] changed = new HeldTopic[0];
    private int changedCount;
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

    // ---- what is asked for

    /** Asks for what its terms say, and shows what came and went with that; {@code isNew}: the user asked. */
    void ask(final boolean isNew) {
        final WirePool before = pool;
        final Set<String> shown = new LinkedHashSet<>(before == null ? List.of() : known());
        enter(isNew);
        pool.plan();
        final Set<String> all = new LinkedHashSet<>(shown);
        all.addAll(known());
        for (final String symbol : all) {
            final HeldTopic topic = topic(symbol);
            if (topic == null) {
                onGone(symbol);
            } else if (pool != before || !shown.contains(symbol)) {
                onChange(topic, true);
            }
        }
        host.schedule();
    }

    /** Joins those that it shares with; {@code isNew}: the user waits for other things than before. */
    void enter(final boolean isNew) {
        names = new LinkedHashSet<>(terms.symbols());
        intervalMs = terms.intervalMs();
        final WirePool before = pool;
        final WirePool next = host.poolOf(terms, alone, before);
        if (next == before) {
            return;
        }
        leave();
        pool = next;
        pool.add(this);
        if (isNew && before != null) {
            ready = new CompletableFuture<>();
        }
    }

    private void leave() {
        if (pool != null) {
            pool.remove(this);
            pool.plan();
            if (pool.size() == 0) {
                host.drop(pool);
            }
        }
    }

    @Override
    public void standAlone(final String name) {
        alone = name;
        ask(false);
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
        final HeldTopic topic = topic(symbol);
        final TopicView view = topic == null ? null : new TopicView(host).show(symbol, topic);
        return view != null && view.isKnown() ? view : null;
    }

    private HeldTopic topic(final String symbol) {
        return !pool.isSplit() || names.contains(symbol) ? pool.topic(symbol) : null;
    }

    /** The symbols of which something is known. */
    public List<String> symbols() {
        host.checkThread();
        return known();
    }

    private List<String> known() {
        final List<String> symbols = new ArrayList<>();
        if (pool.isSplit()) {
            names.stream().filter(symbol -> pool.topic(symbol) != null).forEach(symbols::add);
            return symbols;
        }
        for (final WireSubscription wire : pool.wires()) {
            for (HeldTopic topic = wire.topics().first(); topic != null; topic = topic.after) {
                symbols.add(topic.symbol);
            }
        }
        return symbols;
    }

    /** The account of what came. Grids that share have it together, and terms of another view begin it again. */
    public Totals totals() {
        host.checkThread();
        final GapLedger all = pool.ledger();
        return new Totals(all.updates(), all.conflated(), all.reported(), all.missed());
    }

    /**
     * Other terms. Another interval, and other symbols without patterns, change the subscriptions that run; anything
     * else begins new ones.
     */
    public void set(final GridTerms other) {
        host.enter(() -> {
            if (!isOver) {
                terms = other.orChannel(terms.channel());
                alone = null;
                ask(true);
            }
        });
    }

    /** Ends it. */
    public void close() {
        host.enter(this::end);
    }

    private void end() {
        if (!isOver) {
            isOver = true;
            host.remove(this);
            if (!host.isClosed()) {
                leave();
            }
            ready.completeExceptionally(RefusedException.closed());
            tell(null);
        }
    }

    /** Shows what changed; returns how long that has to wait for the interval, in ms. */
    long paint(final long nowMs) {
        if (changedCount == 0 && gone.isEmpty()) {
            return NEVER;
        }
        final long waitMs = isUrgent ? 0 : shownMs + intervalMs - nowMs;
        if (waitMs > 0) {
            return waitMs;
        }
        collect();
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

    /** Puts each symbol that changed into the frame once, with what is shown of it now. */
    private void collect() {
        for (int i = 0; i < changedCount; i++) {
            changed[i].unmark(this);
        }
        for (int i = 0; i < changedCount; i++) {
            final HeldTopic topic = topic(changed[i].symbol);
            if (topic != null && topic.mark(this)) {
                frame.add(topic.symbol, topic);
            }
            changed[i] = null;
        }
        changedCount = 0;
        for (int i = 0; i < frame.size(); i++) {
            frame.topic(i).unmark(this);
        }
        if (!gone.isEmpty()) {
            addGone();
        }
    }

    /** Apart, because a loop over a set makes an iterator each time. */
    private void addGone() {
        for (final String symbol : gone) {
            if (topic(symbol) == null) {
                frame.add(symbol, null);
            }
        }
        gone.clear();
    }

    // ---- what its pool tells

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public int intervalMs() {
        return intervalMs;
    }

    @Override
    public void onChange(final HeldTopic topic, final boolean isAtOnce) {
        isUrgent |= isAtOnce;
        if (topic.mark(this)) {
            if (changedCount == changed.length) {
                changed = Arrays.copyOf(changed, Math.max(MIN_CHANGED, 2 * changedCount));
            }
            changed[changedCount] = topic;
            changedCount++;
        }
    }

    @Override
    public void onGone(final String symbol) {
        gone.add(symbol);
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
