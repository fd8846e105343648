package penstock.venue.rule;

/** A test of one value. Immutable, except for reused matchers. Owned by the feed thread. */
@FunctionalInterface
interface Condition {
    /** {@code type}: the JSON type of the value before filters. */
    boolean passes(int type, ByteSlice text);
}
