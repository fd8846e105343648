package penstock.link.message;

import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.ring.ConflationClass;
import penstock.wire.MessageBuffer;

/**
 * What another relay is asked for one channel, as a request of the protocol. Names are patterns already. Immutable.
 *
 * @param sub        the name of the subscription
 * @param feed       the name of the feed; null if the other relay has one
 * @param channel    the name of the channel
 * @param conflation its class
 * @param intervalMs between two flushes
 */
public record SubscribeRequest(String sub, String feed, String channel, ConflationClass conflation, int intervalMs) {
    /** Everything that a channel has, or may have. */
    public static final String ALL = "*";
    /** Begins the subscription of a feed on demand: it matches no symbol, and names none. */
    public static final String NOTHING = "-*-\u00a4-*-";

    /** The pattern of a name. */
    public static String pattern(final String name) {
        return name.replace("*", "\\*");
    }

    /**
     * A request to subscribe.
     *
     * @param symbols what is to be subscribed to
     * @param epoch   of the position from which on changes are wanted
     * @param p       that position; 0 = images are wanted
     */
    public byte[] subscribe(final long id, final List<String> symbols, final long epoch, final long p) {
        final MessageBuffer out = begin("subscribe", id);
        if (feed != null) {
            out.put(",\"feed\":").putString(feed);
        }
        out.put(",\"channel\":").putString(channel);
        switch (conflation) {
            case EVENT -> out.put(",\"mode\":\"all\",\"overflow\":\"gap\",\"payload\":true");
            case LAST_VALUE -> out.put(",\"mode\":\"conflate\",\"payload\":true,\"interval\":").put(intervalMs);
            case MERGE -> out.put(",\"mode\":\"conflate\",\"delta\":true,\"interval\":").put(intervalMs);
            default -> out.put(",\"mode\":\"conflate\",\"interval\":").put(intervalMs);
        }
        if (p > 0) {
            // a request that adds to a subscription claims nothing without symbols
            out.put(",\"resume\":{\"epoch\":").put(epoch).put(",\"p\":").put(p).put(",\"symbols\":[\"*\"]}");
        }
        return end(out, symbols);
    }

    /** A request to leave symbols. */
    public byte[] unsubscribe(final long id, final List<String> symbols) {
        return end(begin("unsubscribe", id), symbols);
    }

    private MessageBuffer begin(final String op, final long id) {
        return new MessageBuffer(256).put("{\"op\":\"").put(op).put("\",\"id\":").put(id).put(",\"sub\":")
            .putString(sub);
    }

    private static byte[] end(final MessageBuffer out, final List<String> symbols) {
        String separator = ",\"symbols\":[";
        for (final String symbol : symbols) {
            out.put(separator).putString(symbol);
            separator = ",";
        }
        return out.put("]}").toBytes();
    }

    /** An upper bound of what a symbol takes in a request. */
    public static int bytes(final String symbol) {
        return 6 * symbol.getBytes(StandardCharsets.UTF_8).length + 3;
    }
}
