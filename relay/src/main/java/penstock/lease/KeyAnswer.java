package penstock.lease;

/**
 * What the store of the lease says. Immutable.
 *
 * @param kind     which answer it is
 * @param revision of the key, 0 = it does not exist; after a swap that of the new value
 * @param value    of the key; null = it does not exist, or was written as asked
 * @param problem  why there is no answer, for people; without secrets
 */
public record KeyAnswer(Kind kind, long revision, String value, String problem) {
    /** The kinds of answers. */
    public enum Kind {
        /** The value, as asked. */
        VALUE,
        /** Written. */
        SWAPPED,
        /** Not written, because the key has another revision. */
        REFUSED,
        /** Unknown: a swap may have been done, or be done later. */
        FAILED
    }

    /** The key as it is. */
    public static KeyAnswer value(final long revision, final String value) {
        return new KeyAnswer(Kind.VALUE, revision, value, null);
    }

    /** Written: this is the new revision. */
    public static KeyAnswer swapped(final long revision) {
        return new KeyAnswer(Kind.SWAPPED, revision, null, null);
    }

    /** Not written: the key is so. */
    public static KeyAnswer refused(final long revision, final String value) {
        return new KeyAnswer(Kind.REFUSED, revision, value, null);
    }

    /** No answer. */
    public static KeyAnswer failed(final String problem) {
        return new KeyAnswer(Kind.FAILED, 0, null, problem);
    }
}
