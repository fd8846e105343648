package penstock.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import penstock.client.HeldTopic.Reader;

/**
 * Grids that share, and what they have on the wire. Values of named symbols are split: each symbol is on the wire once,
 * in the subscription of the shortest interval that a grid has for it. Grids of anything else ask for the same symbols,
 * in one subscription.
 *
 * <p>Owned by the client's thread.
 */
final class WirePool implements WireTopics.Sharing {
    private static final Reader[] NONE = {};

    private final WireContext context;
    private final GridTerms terms;
    private final boolean isSplit;
    /** What else must be equal: the symbols of an undivided pool, and who stands alone. */
    private GridTerms symbols;
    private String alone;
    private Reader[] grids = NONE;
    private WireSubscription[] wires = {};
    /** Grids by the symbols that they name. */
    private Map<String, Reader[]> named = Map.of();
    private final GapLedger ended = new GapLedger();

    WirePool(final WireContext context, final GridTerms terms, final boolean isSplit) {
        this.context = context;
        this.terms = terms;
        this.isSplit = isSplit;
    }

    // ---- who shares

    @Override
    public GridTerms terms() {
        return terms;
    }

    @Override
    public boolean isSplit() {
        return isSplit;
    }

    /** From now on it is for those who ask for that. */
    void setKey(final GridTerms asked, final String standsAlone) {
        symbols = asked;
        alone = standsAlone;
    }

    /** Whether it is for a grid with these terms. */
    boolean isFor(final GridTerms asked, final boolean mayBeSplit, final String standsAlone) {
        return isSameView(asked, mayBeSplit)
            && (isSplit ? Objects.equals(alone, standsAlone) : symbols.isSameSymbols(asked));
    }

    /** Whether a grid with these terms sees the same of its symbols. */
    boolean isSameView(final GridTerms asked, final boolean mayBeSplit) {
        return isSplit == mayBeSplit && terms.isSameView(asked) && terms.hasPatterns() == asked.hasPatterns();
    }

    void add(final Reader grid) {
        grids = Arrays.copyOf(grids, grids.length + 1);
        grids[grids.length - 1] = grid;
    }

    void remove(final Reader grid) {
        grids = Arrays.stream(grids).filter(each -> each != grid).toArray(Reader[]::new);
    }

    int size() {
        return grids.length;
    }

    WireSubscription[] wires() {
        return wires;
    }

    @Override
    public Reader[] readers(final String symbol) {
        return isSplit ? named.getOrDefault(symbol, NONE) : grids;
    }

    /** What is known of a symbol; null if nothing is. */
    HeldTopic topic(final String symbol) {
        for (final WireSubscription wire : wires) {
            final HeldTopic topic = wire.topics().shown(symbol);
            if (topic != null) {
                return topic;
            }
        }
        return null;
    }

    @Override
    public HeldTopic take(final String symbol) {
        for (final WireSubscription wire : wires) {
            final HeldTopic topic = wire.topics().take(symbol);
            if (topic != null) {
                return topic;
            }
        }
        return null;
    }

    /** The account of its subscriptions, also of those that have ended. */
    GapLedger ledger() {
        final GapLedger all = new GapLedger();
        all.add(ended);
        for (final WireSubscription wire : wires) {
            all.add(wire.ledger());
        }
        return all;
    }

    // ---- what is on the wire

    /**
     * Symbols go where they are wanted. A subscription whose interval no grid wants any more takes over one that none
     * has: so nothing is sent again.
     */
    void plan() {
        final Map<Integer, Set<String>> wanted = wanted();
        final List<WireSubscription> planned = new ArrayList<>();
        for (final WireSubscription wire : wires) {
            // what was refused is asked for once more
            if (context.isOpen() && !wire.isBegun()) {
                end(wire);
            } else {
                planned.add(wire);
            }
        }
        wanted.keySet().forEach(intervalMs -> place(planned, intervalMs, wanted.keySet()));
        wires = planned.toArray(WireSubscription[]::new);
        planned.forEach(WireSubscription::retime);
        planned.forEach(wire -> wire.add(wanted.getOrDefault(wire.wantsMs(), Set.of())));
        planned.forEach(wire -> wire.keep(wanted.getOrDefault(wire.wantsMs(), Set.of())));
        planned.stream().filter(WireSubscription::isEmpty).forEach(this::end);
        planned.removeIf(WireSubscription::isEmpty);
        wires = planned.toArray(WireSubscription[]::new);
        planned.forEach(wire -> wire.topics().readAgain());
        settle();
    }

    /** Symbols by the interval that they are wanted at, in the order of the grids. */
    private Map<Integer, Set<String>> wanted() {
        final Map<String, List<Reader>> readers = new LinkedHashMap<>();
        for (final Reader grid : grids) {
            for (final String symbol : grid.names()) {
                readers.computeIfAbsent(symbol, none -> new ArrayList<>()).add(grid);
            }
        }
        named = new LinkedHashMap<>();
        final Map<Integer, Set<String>> wanted = new LinkedHashMap<>();
        readers.forEach((symbol, those) -> {
            named.put(symbol, those.toArray(Reader[]::new));
            final int intervalMs = those.stream().mapToInt(Reader::intervalMs).min().getAsInt();
            wanted.computeIfAbsent(intervalMs, none -> new LinkedHashSet<>()).add(symbol);
        });
        return wanted;
    }

    private void place(final List<WireSubscription> planned, final int intervalMs, final Set<Integer> wanted) {
        WireSubscription wire = null;
        for (final WireSubscription each : planned) {
            if (each.wantsMs() == intervalMs) {
                return;
            }
            wire = wire == null && !wanted.contains(each.wantsMs()) ? each : wire;
        }
        if (wire == null) {
            wire = new WireSubscription(context, this);
            planned.add(wire);
        }
        wire.want(intervalMs);
    }

    private void end(final WireSubscription wire) {
        ended.add(wire.ledger());
        wire.end();
    }

    @Override
    public void settle() {
        final Set<String> torn = new HashSet<>();
        for (final WireSubscription wire : wires) {
            if (!wire.isWhole()) {
                torn.addAll(wire.symbols());
            }
        }
        for (final Reader grid : grids) {
            if (torn.isEmpty() || grid.names().stream().noneMatch(torn::contains)) {
                grid.onWhole();
            }
        }
    }

    @Override
    public void refuse(final RefusedException reason, final List<String> refusedSymbols, final boolean hasBegun) {
        final Set<Reader> refused = new LinkedHashSet<>();
        refusedSymbols.forEach(symbol -> refused.addAll(List.of(readers(symbol))));
        if (isSplit && refused.size() > 1 && !hasBegun) {
            refused.forEach(this::remove);
            refused.forEach(grid -> grid.standAlone(context.nextName()));
        } else {
            refused.forEach(grid -> grid.onRefused(reason));
        }
    }

    @Override
    public void onGone(final String symbol) {
        for (final Reader grid : readers(symbol)) {
            grid.onGone(symbol);
        }
    }

    @Override
    public void onEvent(final HeldTopic topic) {
        for (final Reader grid : grids) {
            grid.onEvent(topic);
        }
    }

    @Override
    public void onGap(final long missed) {
        if (missed != 0) {
            for (final Reader grid : grids) {
                grid.onGap(missed);
            }
        }
    }
}
