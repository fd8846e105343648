package penstock.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON pointers (RFC 6901) compiled into a tree that the scanner follows in parallel with the text. Each distinct
 * pointer has a slot, numbered from 0. Extension of the RFC: a negative array index counts from the end; {@code -1} is
 * the last element. Immutable once built.
 */
public final class PointerTrie {
    final Node root;
    final int nodeCount;
    final int tailLength;
    /** The slot for the name of an element: the last one if no pointer wants it. */
    final int nameSlot;
    private final int slotCount;

    private PointerTrie(final Builder builder) {
        root = builder.root.freeze(builder);
        nodeCount = builder.nodeCount;
        tailLength = builder.tailLength;
        slotCount = builder.slots.size();
        nameSlot = builder.slots.getOrDefault(Builder.NAME, slotCount);
    }

    /** Number of distinct pointers. */
    public int slotCount() {
        return slotCount;
    }

    /** Collects pointers; used once. */
    public static final class Builder {
        /** No pointer begins like this. */
        private static final String NAME = "name";

        private final Draft root = new Draft("");
        private final Map<String, Integer> slots = new TreeMap<>();
        private int nodeCount;
        private int tailLength;

        /**
         * The slot of a pointer, assigned at first use.
         *
         * @throws IllegalArgumentException with a sentence that explains the mistake
         */
        public int slot(final String pointer) {
            final List<String> tokens = tokens(pointer);
            final Integer known = slots.get(pointer);
            if (known != null) {
                return known;
            }
            Draft draft = root;
            for (final String token : tokens) {
                draft = draft.child(token);
            }
            draft.slot = slots.size();
            slots.put(pointer, draft.slot);
            return draft.slot;
        }

        /** The slot of the name that an element has in its object; absent in arrays and of whole texts. */
        public int nameSlot() {
            return slots.computeIfAbsent(NAME, name -> slots.size());
        }

        /** The finished tree. */
        public PointerTrie build() {
            return new PointerTrie(this);
        }
    }

    /** The reference tokens of a pointer, unescaped. */
    static List<String> tokens(final String pointer) {
        final List<String> tokens = new ArrayList<>();
        if (pointer.isEmpty()) {
            return tokens;
        }
        if (pointer.charAt(0) != '/') {
            throw new IllegalArgumentException("a pointer is empty or begins with '/', got \"" + pointer + '"');
        }
        for (final String token : pointer.substring(1).split("/", -1)) {
            if (token.replace("~0", "").replace("~1", "").indexOf('~') >= 0) {
                throw new IllegalArgumentException("'~' in a pointer is written ~0 (and '/' in a key ~1), got \""
                    + pointer + '"');
            }
            if (token.matches("-[1-9][0-9]{2,}")) {
                throw new IllegalArgumentException("elements are counted from the end up to -99, got \"" + pointer
                    + '"');
            }
            tokens.add(token.replace("~1", "/").replace("~0", "~"));
        }
        return tokens;
    }

    /** A node under construction. */
    private static final class Draft {
        private final String token;
        private final List<Draft> children = new ArrayList<>();
        private int slot = -1;

        Draft(final String token) {
            this.token = token;
        }

        Draft child(final String name) {
            for (final Draft child : children) {
                if (child.token.equals(name)) {
                    return child;
                }
            }
            final Draft child = new Draft(name);
            children.add(child);
            return child;
        }

        Node freeze(final Builder builder) {
            final int id = builder.nodeCount++;
            final Node[] nodes = new Node[children.size()];
            int tail = 0;
            for (int i = 0; i < nodes.length; i++) {
                nodes[i] = children.get(i).freeze(builder);
                tail = Math.max(tail, -nodes[i].index);
            }
            final int tailBase = builder.tailLength;
            builder.tailLength += tail;
            return new Node(this, id, nodes, tail, tailBase);
        }
    }

    /** A position in the text that a pointer names or passes through. */
    static final class Node {
        private static final int NO_INDEX = Integer.MAX_VALUE;
        /** Up to this number of children, a linear search is used. */
        private static final int MAX_LINEAR_CHILDREN = 5;
        private static final int MAX_TABLE_SIZE = 256;

        final int id;
        final int slot;
        final byte[] key;
        /** The first 8 bytes of the key, little-endian, zeros after a shorter one. */
        final long keyWord;
        /** Array index; negative from the end. */
        final int index;
        final Node[] children;
        /** The largest non-negative index of a child, or -1. */
        final int maxIndex;
        /** Number of last elements to remember. */
        final int tail;
        /** Position of their memory in the scanner. */
        final int tailBase;
        /** Children by their key words, each at {@link #place}; null if there are few children or two share a place. */
        final Node[] byWord;

        Node(final Draft draft, final int id, final Node[] children, final int tail, final int tailBase) {
            this.id = id;
            this.slot = draft.slot;
            this.key = draft.token.getBytes(StandardCharsets.UTF_8);
            this.keyWord = word(key);
            this.index = draft.token.matches("0|[1-9][0-9]{0,7}|-[1-9][0-9]?") ? Integer.parseInt(draft.token)
                : NO_INDEX;
            this.children = children;
            this.tail = tail;
            this.tailBase = tailBase;
            int max = -1;
            for (final Node child : children) {
                max = child.index == NO_INDEX ? max : Math.max(max, child.index);
            }
            this.maxIndex = max;
            this.byWord = children.length < MAX_LINEAR_CHILDREN ? null : byWord(children);
        }

        /** Position of a key word in a table of this length, a power of two. */
        static int place(final long word, final int length) {
            final long mixed = word * 0x9e3779b97f4a7c15L;
            return (int) (mixed >>> 40) & length - 1;
        }

        private static Node[] byWord(final Node... children) {
            for (int length = Integer.highestOneBit(children.length) << 1; length <= MAX_TABLE_SIZE; length <<= 1) {
                final Node[] table = new Node[length];
                int placed = 0;
                for (final Node child : children) {
                    final int place = place(child.keyWord, length);
                    placed += table[place] == null ? 1 : 0;
                    table[place] = child;
                }
                if (placed == children.length) {
                    return table;
                }
            }
            return null;
        }

        /** The child for an element, or null. */
        Node element(final int elementIndex) {
            for (final Node child : children) {
                if (child.index == elementIndex) {
                    return child;
                }
            }
            return null;
        }

        private static long word(final byte[] key) {
            long word = 0;
            for (int i = Math.min(8, key.length) - 1; i >= 0; i--) {
                word = word << 8 | key[i] & 0xff;
            }
            return word;
        }
    }
}
