package penstock.venue.rule;

/** What a condition asks of a value. Immutable but for reused matchers; feed thread. */
@FunctionalInterface
interface Condition {
    /** {@code type}: the value's JSON type before filters. */
    boolean passes(int type, ByteSlice text);
}
