package penstock.fanout.subscription;

import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.IntArrayList;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.wire.request.SymbolPattern;

/**
 * Finds the subscriptions of one channel that a new symbol joins, by name or by pattern. A new symbol costs one look-up
 * and one match per different pattern, not one per subscription. Each name is stored and accounted once. Subscriptions
 * are known by their ids. Owned by the shard's io thread.
 */
final class PendingInterestIndex {
    /** A subscription at a name, and the name at the subscription. */
    private static final int PAIR_BYTES = 24;
    /** A rule of a subscription, and its place here, without the pattern. */
    private static final int RULE_BYTES = 128;

    /** A name that no topic has yet, stored once for all subscriptions that wait for it. */
    static final class Name implements Comparable<Name> {
        /** Of the objects here and in the index, without the characters. */
        private static final int OBJECT_BYTES = 176;
        private static final int LATIN_1 = 0xFF;

        private final String text;
        private final int number;
        private final IntArrayList waiting = new IntArrayList(1, NO_ID);

        /** {@code number}: names are in the order of their numbers. */
        Name(final String text, final int number) {
            this.text = text;
            this.number = number;
        }

        /** Bytes of heap of a name, at most. */
        static long bytes(final String text) {
            final boolean isLatin = text.chars().allMatch(c -> c <= LATIN_1);
            return OBJECT_BYTES + (isLatin ? 1L : 2L) * text.length();
        }

        String text() {
            return text;
        }

        /** The ids of the subscriptions that wait for it. */
        IntArrayList waiting() {
            return waiting;
        }

        @Override
        public int compareTo(final Name other) {
            return Integer.compare(number, other.number);
        }

        @Override
        public boolean equals(final Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    private static final int NO_ID = -1;

    private final MemoryShare memory;
    private final Map<String, Name> byName = new HashMap<>();
    private final Map<SymbolPattern, IntArrayList> byPattern = new HashMap<>();
    private int names;

    /** Accounts names and patterns in {@code memory}. */
    PendingInterestIndex(final MemoryShare memory) {
        this.memory = memory;
    }

    /** Bytes of heap that one more subscription to a name takes. */
    long growth(final String name) {
        return PAIR_BYTES + (byName.containsKey(name) ? 0 : Name.bytes(name));
    }

    /** Bytes of heap that one more rule takes. */
    static long growth(final SymbolPattern pattern) {
        return RULE_BYTES + pattern.bytes();
    }

    /** The name, or null if no subscription waits for it. */
    Name find(final String name) {
        return byName.get(name);
    }

    /** The subscription waits for a name. */
    Name add(final int subscription, final String text) {
        memory.reserve(MemoryUse.NAMES, growth(text));
        final Name name = byName.computeIfAbsent(text, t -> new Name(t, names++));
        name.waiting().addInt(subscription);
        return name;
    }

    /** The subscription no longer waits for a name. */
    void remove(final int subscription, final Name name) {
        name.waiting().fastUnorderedRemoveInt(subscription);
        memory.release(MemoryUse.NAMES, PAIR_BYTES);
        if (name.waiting().isEmpty()) {
            forget(name);
        }
    }

    /** A rule of a subscription begins; symbols that match a pattern that {@code joins} are for the subscription. */
    void add(final int subscription, final SymbolPattern pattern, final boolean joins) {
        memory.reserve(MemoryUse.NAMES, growth(pattern));
        if (joins) {
            byPattern.computeIfAbsent(pattern, p -> new IntArrayList(1, NO_ID)).addInt(subscription);
        }
    }

    /** A rule of a subscription ends. */
    void remove(final int subscription, final SymbolPattern pattern, final boolean joins) {
        memory.release(MemoryUse.NAMES, growth(pattern));
        if (joins) {
            byPattern.computeIfPresent(pattern, (p, list) -> {
                list.fastUnorderedRemoveInt(subscription);
                return list.isEmpty() ? null : list;
            });
        }
    }

    /** A symbol appeared: its name with the subscriptions that waited for it; null if there is none. */
    Name take(final String symbol) {
        final Name name = byName.get(symbol);
        if (name != null) {
            memory.release(MemoryUse.NAMES, (long) PAIR_BYTES * name.waiting().size());
            forget(name);
        }
        return name;
    }

    /** Adds the subscriptions with a pattern that the symbol matches, some perhaps twice. */
    void findMatching(final String symbol, final IntArrayList found) {
        byPattern.forEach((pattern, subscriptions) -> {
            if (pattern.matches(symbol)) {
                found.addAll(subscriptions);
            }
        });
    }

    private void forget(final Name name) {
        byName.remove(name.text());
        memory.release(MemoryUse.NAMES, Name.bytes(name.text()));
    }
}
