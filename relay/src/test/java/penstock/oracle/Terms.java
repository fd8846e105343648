package penstock.oracle;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a subscription asks for.
 *
 * @param channel    its channel
 * @param isAll      mode {@code all}
 * @param intervalMs of mode {@code conflate}
 * @param fields     fields of each value; empty = all
 * @param isDelta    changes only
 * @param depth      levels of each side of a book; 0 = all
 */
public record Terms(MarketChannel channel, boolean isAll, int intervalMs, List<String> fields, boolean isDelta,
        int depth) {
    /** The newest values, in full. */
    public static Terms conflated(final MarketChannel channel, final int intervalMs) {
        return new Terms(channel, channel == MarketChannel.TRADE, intervalMs, List.of(), false, 0);
    }

    /** Every update, in full. */
    public static Terms all(final MarketChannel channel) {
        return new Terms(channel, true, 0, List.of(), false, 0);
    }

    /** Whether each update counts, and none replaces another. */
    boolean isOfEvents() {
        return channel == MarketChannel.TRADE;
    }

    /** Whether each update of the venue shows in it. */
    boolean isFull() {
        return fields.isEmpty() && depth == 0;
    }

    /** The request with the name {@code sub}; {@code resume}: what to go on from, as JSON, or null. */
    String request(final int id, final String sub, final List<String> symbols, final String resume) {
        final StringBuilder text = new StringBuilder("{\"op\":\"subscribe\",\"id\":").append(id).append(",\"sub\":\"")
            .append(sub).append("\",\"channel\":\"").append(channel.word()).append("\",\"symbols\":")
            .append(quoted(symbols)).append(",\"mode\":\"").append(isAll ? "all" : "conflate").append('"');
        if (!isAll) {
            text.append(",\"interval\":").append(intervalMs);
        }
        if (!fields.isEmpty()) {
            text.append(",\"fields\":").append(quoted(fields));
        }
        if (isDelta) {
            text.append(",\"delta\":true");
        }
        if (depth > 0) {
            text.append(",\"depth\":").append(depth);
        }
        if (resume != null) {
            text.append(",\"resume\":").append(resume);
        }
        return text.append('}').toString();
    }

    /** The query of an address, without symbols. */
    Map<String, List<String>> query() {
        final Map<String, List<String>> query = new TreeMap<>();
        query.put("channel", List.of(channel.word()));
        query.put("mode", List.of(isAll ? "all" : "conflate"));
        if (!isAll) {
            query.put("interval", List.of(Integer.toString(intervalMs)));
        }
        if (!fields.isEmpty()) {
            query.put("fields", fields);
        }
        if (isDelta) {
            query.put("delta", List.of("true"));
        }
        if (depth > 0) {
            query.put("depth", List.of(Integer.toString(depth)));
        }
        return query;
    }

    private static String quoted(final List<String> texts) {
        return texts.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }
}
