package penstock.tap;

import java.util.List;

/**
 * What to watch, and for how long.
 *
 * @param url     {@code ws}, {@code wss}, {@code http} or {@code https} address, or HOST:PORT
 * @param symbols names or globs; empty: what the address asks for, or else all
 * @param channel null: the feed's default channel
 * @param interval milliseconds between two flushes; -1: the relay's default
 * @param mode    null: the channel's default
 * @param form    protocol messages or upstream payloads
 * @param limits  when to stop
 */
public record TapOptions(String url, List<String> symbols, String channel, int interval, String mode, Form form, Limits limits) {
    /** How it is printed. */
    public enum Form {
        /** One aligned line per value. */
        LINES,
        /** The same, with heartbeats and other chatter. */
        VERBOSE,
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
}
