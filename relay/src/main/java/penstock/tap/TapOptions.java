package penstock.tap;

import java.util.List;
import penstock.wire.SubscriptionOptions;

/**
 * What to watch, and for how long.
 *
 * @param url     {@code ws}, {@code wss}, {@code http} or {@code https} address, or HOST:PORT
 * @param symbols names or globs; empty: what the address asks for, or else all
 * @param channel null: the feed's default channel
 * @param terms   how they are to be sent; what is not said is left to the relay
 * @param form    protocol messages or upstream payloads
 * @param isStaying whether it comes back when the connection is lost
 * @param limits  when to stop
 */
public record TapOptions(String url, List<String> symbols, String channel, SubscriptionOptions terms, Form form,
        boolean isStaying, Limits limits) {
    /** How it is printed. */
    public enum Form {
        /** One aligned line per value. */
        LINES,
        /** The same, with heartbeats and other chatter. */
        VERBOSE,
        /** The same, and behind each message a sentence that says what it means. */
        EXPLAINED,
        /** Upstream payloads verbatim, one per line. */
        RAW
    }

    /**
     * When to stop by itself; 0 is "never".
     *
     * @param count   after so many values
     * @param seconds after so many seconds
     */
    public record Limits(long count, long seconds) {
        /** Goes on until it is ended. */
        public static final Limits NONE = new Limits(0, 0);
    }

    boolean isRaw() {
        return form == Form.RAW;
    }

    boolean isQuiet() {
        return form == Form.LINES;
    }
}
