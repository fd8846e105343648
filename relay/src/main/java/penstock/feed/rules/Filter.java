package penstock.feed.rules;

/** One step of an expression behind its pointer. Makes garbage, so it is kept off the busiest rules. Stateless. */
@FunctionalInterface
interface Filter {
    /** The filtered value; null stands for absent, coming in and going out. */
    String apply(String value);
}
