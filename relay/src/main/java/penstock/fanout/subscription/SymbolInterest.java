package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.collections.ObjectHashSet;
import penstock.wire.request.SymbolPattern;

/**
 * The symbols that a subscription asked for and that may still appear: names that no topic has yet, and patterns, which
 * later symbols may match. The last request that names a symbol, exactly or by pattern, decides. To its client a name
 * that it may not see is an unknown one, whether or not there is a topic. Most subscriptions have none of these and pay
 * for no collections. Owned by the shard's io thread.
 */
public final class SymbolInterest {
    /**
     * Whether the symbols that match a pattern join.
     *
     * @param order of two rules that match a symbol, the one with the higher number decides
     */
    private record Rule(SymbolPattern pattern, boolean joins, int order) {
    }

    private final PendingInterestIndex index;
    /** Of patterns with a star, in the order of the requests. */
    private Map<SymbolPattern, Rule> globs = Collections.emptyMap();
    /** Of exact names, which do not join, by symbol. */
    private Map<String, Rule> exclusions = Collections.emptyMap();
    /** Null while there is none. */
    private ObjectHashSet<PendingInterestIndex.Name> unknown;
    /** Names that the client may not see; null while there is none. */
    private ObjectHashSet<PendingInterestIndex.Name> forbidden;
    /** Of a request that is worked on, and with which symbols leave. */
    private List<SymbolPattern> leaving = List.of();
    /** Sets of products of topics that appeared and that the client may not see; null while there is none. */
    private BitSet forbiddenGroups;
    private int joining;
    private int lastOrder;

    /** {@code index} stores the names for all subscriptions to a channel, and knows each by its id. */
    SymbolInterest(final PendingInterestIndex index) {
        this.index = index;
    }

    /** A copy of the requested names that no topic has yet, or none that the client may see, in no order. */
    public List<String> unknown() {
        final List<String> names = new ArrayList<>(unknownCount());
        if (unknown != null) {
            unknown.forEach(name -> names.add(name.text()));
        }
        if (forbidden != null) {
            forbidden.forEach(name -> names.add(name.text()));
        }
        return names;
    }

    /** How many unknown names there are. */
    public int unknownCount() {
        return (unknown == null ? 0 : unknown.size()) + (forbidden == null ? 0 : forbidden.size());
    }

    /**
     * Adds a name that no topic has yet, or that the client may not see; null when it was there already, else the name
     * as it is stored.
     */
    String addUnknown(final int subscription, final String name, final boolean isForbidden) {
        if (isUnknown(name)) {
            return null;
        }
        final PendingInterestIndex.Name added = index.add(subscription, name);
        add(added, isForbidden);
        return added.text();
    }

    /** What the client may see has changed; false if the name was as it is to be, or is not waited for. */
    boolean mark(final String text, final boolean isForbidden) {
        final PendingInterestIndex.Name name = isUnknown(text) ? index.find(text) : null;
        if (name == null || isForbidden(name) == isForbidden) {
            return false;
        }
        onKnown(name);
        add(name, isForbidden);
        return true;
    }

    private void add(final PendingInterestIndex.Name name, final boolean isForbidden) {
        if (isForbidden) {
            forbidden = forbidden == null ? new ObjectHashSet<>(8) : forbidden;
            forbidden.add(name);
        } else {
            unknown = unknown == null ? new ObjectHashSet<>(8) : unknown;
            unknown.add(name);
        }
    }

    private boolean isForbidden(final PendingInterestIndex.Name name) {
        return forbidden != null && forbidden.contains(name);
    }

    /** Symbols that match {@code patterns} leave, one by one: from now on the names of their topics do not wait. */
    void beginLeaving(final List<SymbolPattern> patterns) {
        leaving = patterns;
    }

    /** All that were to leave have left. */
    void endLeaving() {
        leaving = List.of();
    }

    /** Whether the symbol is about to leave. */
    boolean isLeaving(final String symbol) {
        return matchesAny(leaving, symbol);
    }

    /** One of the unknown names is so no longer; returns whether the client may see it, as far as was known. */
    boolean onKnown(final PendingInterestIndex.Name name) {
        final boolean wasForbidden = forbidden != null && forbidden.remove(name);
        if (!wasForbidden) {
            unknown.remove(name);
        }
        unknown = unknown == null || unknown.isEmpty() ? null : unknown;
        forbidden = forbidden == null || forbidden.isEmpty() ? null : forbidden;
        return !wasForbidden;
    }

    /** The patterns that make later symbols join. */
    public List<SymbolPattern> patterns() {
        final List<SymbolPattern> patterns = new ArrayList<>();
        for (final Rule rule : globs.values()) {
            if (rule.joins) {
                patterns.add(rule.pattern);
            }
        }
        return patterns;
    }

    /** Whether the pattern is here already: as a rule, or as an unknown name. */
    boolean has(final SymbolPattern pattern) {
        return hasRule(pattern) || pattern.isExact() && isUnknown(pattern.symbol());
    }

    /** Symbols that match {@code pattern}, which has a star, join from now on. */
    void addPattern(final int subscription, final SymbolPattern pattern) {
        forget(subscription, pattern);
        rule(subscription, pattern, true);
    }

    /** Whether a rule must be added so that symbols that match {@code pattern} do not join. */
    boolean needsRule(final SymbolPattern pattern) {
        return joining > 0 && !hasRule(pattern) && (!pattern.isExact() || matches(pattern.symbol()));
    }

    /**
     * Symbols that match {@code pattern} no longer join; for {@code gone} and for unknown names that match a pattern
     * with a star see {@link #removeUnknown}.
     */
    void exclude(final int subscription, final SymbolPattern pattern, final Consumer<String> gone) {
        forget(subscription, pattern);
        if (pattern.isExact()) {
            removeUnknown(subscription, pattern.symbol(), gone);
        }
        if (joining > 0 && (!pattern.isExact() || matches(pattern.symbol()))) {
            rule(subscription, pattern, false);
        }
    }

    /** A name is no longer waited for, if it was; one that the client may see goes to {@code gone}. */
    void removeUnknown(final int subscription, final String text, final Consumer<String> gone) {
        if (removeUnknown(subscription, text)) {
            gone.accept(text);
        }
    }

    /** A name is no longer waited for, if it was; returns whether it was, and the client may see it. */
    boolean removeUnknown(final int subscription, final String text) {
        if (!isUnknown(text)) {
            return false;
        }
        final PendingInterestIndex.Name name = index.find(text);
        final boolean wasForbidden = isForbidden(name);
        onKnown(name);
        index.remove(subscription, name);
        return !wasForbidden;
    }

    /** Whether a topic that the client may not see is the first with these products that appeared. */
    boolean isFirstOf(final int group) {
        forbiddenGroups = forbiddenGroups == null ? new BitSet() : forbiddenGroups;
        final boolean isFirst = !forbiddenGroups.get(group);
        forbiddenGroups.set(group);
        return isFirst;
    }

    /** Whether a new symbol joins by a pattern. */
    boolean matches(final String symbol) {
        final Rule exclusion = exclusions.get(symbol);
        boolean joins = false;
        for (final Rule rule : globs.values()) {
            if (rule.joins != joins && (exclusion == null || rule.order > exclusion.order)
                    && rule.pattern.matches(symbol)) {
                joins = !joins;
            }
        }
        return joins;
    }

    /** How many patterns with a star there are: each is matched with every symbol. */
    public int globs() {
        return globs.size();
    }

    /** What a match costs: the pieces of all patterns. */
    int pieces() {
        int pieces = 0;
        for (final SymbolPattern pattern : globs.keySet()) {
            pieces += pattern.pieces();
        }
        return pieces;
    }

    /** Whether there are rules, and none of them makes a symbol join. */
    boolean isIdle() {
        return joining == 0 && rules() > 0;
    }

    /** How many rules there are. */
    int rules() {
        return globs.size() + exclusions.size();
    }

    /** Removes a rule, if there is one. */
    void removeRule(final int subscription) {
        if (!exclusions.isEmpty()) {
            forget(subscription, exclusions.values().iterator().next().pattern);
        } else if (!globs.isEmpty()) {
            forget(subscription, globs.keySet().iterator().next());
        }
    }

    /** How much of the session's symbol limit this uses. */
    int size() {
        return rules() + unknownCount();
    }

    /** Whether a symbol matches one of the patterns. */
    static boolean matchesAny(final List<SymbolPattern> patterns, final String symbol) {
        for (final SymbolPattern pattern : patterns) {
            if (pattern.matches(symbol)) {
                return true;
            }
        }
        return false;
    }

    private boolean isUnknown(final String name) {
        final PendingInterestIndex.Name known = unknown == null && forbidden == null ? null : index.find(name);
        return known != null && (isForbidden(known) || unknown != null && unknown.contains(known));
    }

    private boolean hasRule(final SymbolPattern pattern) {
        return pattern.isExact() ? exclusions.containsKey(pattern.symbol()) : globs.containsKey(pattern);
    }

    private void rule(final int subscription, final SymbolPattern pattern, final boolean joins) {
        final Rule rule = new Rule(pattern, joins, ++lastOrder);
        if (pattern.isExact()) {
            exclusions = exclusions.isEmpty() ? new LinkedHashMap<>(2) : exclusions;
            exclusions.put(pattern.symbol(), rule);
        } else {
            globs = globs.isEmpty() ? new LinkedHashMap<>(2) : globs;
            globs.put(pattern, rule);
        }
        joining += joins ? 1 : 0;
        index.add(subscription, pattern, joins);
    }

    private void forget(final int subscription, final SymbolPattern pattern) {
        final Rule rule = pattern.isExact() ? exclusions.remove(pattern.symbol()) : globs.remove(pattern);
        if (rule != null) {
            joining -= rule.joins ? 1 : 0;
            index.remove(subscription, rule.pattern, rule.joins);
        }
        if (exclusions.isEmpty()) {
            exclusions = Collections.emptyMap();
        }
        if (globs.isEmpty()) {
            globs = Collections.emptyMap();
        }
    }
}
