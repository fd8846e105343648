package penstock.tap;

import java.util.List;
import penstock.wire.ChannelName;
import penstock.wire.SubscriptionOptions;

/**
 * What to subscribe to, and for how long.
 *
 * @param url     {@code ws}, {@code wss}, {@code http} or {@code https} address, or HOST:PORT
 * @param channel its names are null for the first feed and the default channel
 * @param symbols names or globs; empty: those of the address, or all
 * @param subscription options of the subscription; the relay chooses unspecified ones
 * @param form    protocol messages or upstream payloads
 * @param isReconnecting reconnects after a lost connection
 * @param limits  when to stop
 */
public record TapOptions(String url, ChannelName channel, List<String> symbols, SubscriptionOptions subscription,
        Form form, boolean isReconnecting, Limits limits) {
    /** Of the relay's first feed. */
    public TapOptions(final String url, final List<String> symbols, final String channel,
            final SubscriptionOptions subscription, final Form form, final boolean isReconnecting,
            final Limits limits) {
        this(url, new ChannelName(null, channel), symbols, subscription, form, isReconnecting, limits);
    }

    /** The output format. */
    public enum Form {
        /** One aligned line per value. */
        LINES,
        /** The same, with heartbeats and pongs. */
        VERBOSE,
        /** The same, and after each message a sentence that explains it. */
        EXPLAINED,
        /** Upstream payloads verbatim, one per line. */
        RAW
    }

    /**
     * When to stop; 0 = never.
     *
     * @param count   number of values
     * @param seconds seconds
     */
    public record Limits(long count, long seconds) {
        /** Continues until stopped. */
        public static final Limits NONE = new Limits(0, 0);
    }

    boolean isRaw() {
        return form == Form.RAW;
    }

    boolean isQuiet() {
        return form == Form.LINES;
    }
}
