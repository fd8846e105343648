package penstock.venue.rule;

/**
 * One step of an expression behind its pointer; works in place, without garbage for ASCII. Stateless but for reused
 * matchers.
 */
@FunctionalInterface
interface Filter {
    /** Changes the text, which may be absent, coming in and going out. */
    void apply(ByteSlice text);
}
