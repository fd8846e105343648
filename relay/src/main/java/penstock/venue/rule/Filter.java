package penstock.venue.rule;

/**
 * One step of an expression after its pointer. Works in place, without garbage for ASCII. Stateless, except for reused
 * matchers.
 */
@FunctionalInterface
interface Filter {
    /** Changes the text. It may be absent before and after. */
    void apply(ByteSlice text);
}
