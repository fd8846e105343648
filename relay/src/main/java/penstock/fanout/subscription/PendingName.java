package penstock.fanout.subscription;

import org.agrona.collections.IntArrayList;

/** A name that no topic has yet, stored once for all subscriptions that wait for it. Owned by the shard's io thread. */
final class PendingName implements Comparable<PendingName> {
    /** Of the objects here and in the index, without the characters. */
    private static final int OBJECT_BYTES = 176;
    private static final int LATIN_1 = 0xFF;
    private static final int NO_ID = -1;

    private final String text;
    private final int number;
    private final IntArrayList waiting = new IntArrayList(1, NO_ID);

    /** {@code number}: names are in the order of their numbers. */
    PendingName(final String text, final int number) {
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
    public int compareTo(final PendingName other) {
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
