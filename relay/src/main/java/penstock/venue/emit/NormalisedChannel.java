package penstock.venue.emit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The channels that mean the same at each venue, with the fields of their values. The page about channels defines each
 * field. Immutable.
 */
public enum NormalisedChannel {
    QUOTE("quote", Set.of("bid", "ask"), "bid", "ask", "bidSize", "askSize", "mid", "spread"),
    TRADE("trade", Set.of("price"), "price", "size", "side", "id"),
    TICKER("ticker", Set.of("last", "open", "high", "low", "volume", "bid", "ask"), "last", "open", "high", "low",
        "volume", "quoteVolume", "change", "bid", "ask", "bidSize", "askSize"),
    CANDLE("candle", Set.of("open", "high", "low", "close"), "open", "high", "low", "close", "volume", "quoteVolume",
        "start", "closed", "interval"),
    MARK("mark", Set.of("mark", "index"), "mark", "index", "funding", "nextFunding", "openInterest");

    private static final Map<String, FieldType> OTHER_TYPES = Map.of("side", FieldType.SIDE, "id", FieldType.TEXT,
        "interval", FieldType.TEXT, "closed", FieldType.FLAG);

    /** Of a channel of another interval, like {@code candle-1h}. */
    private static final Pattern INTERVAL = Pattern.compile("-[0-9]{1,3}[a-z]{1,2}$");

    private final String channel;
    private final Set<String> required;
    private final Map<String, FieldType> types = new LinkedHashMap<>();

    NormalisedChannel(final String channel, final Set<String> required, final String... fields) {
        this.channel = channel;
        this.required = required;
        for (final String field : fields) {
            types.put(field, null);
        }
    }

    /** The channel of this name, with or without an interval; or null. */
    static NormalisedChannel named(final String name) {
        final String plain = INTERVAL.matcher(name).replaceFirst("");
        return Arrays.stream(values()).filter(each -> each.channel.equals(plain)).findFirst().orElse(null);
    }

    /** Name of the channel. */
    public String channel() {
        return channel;
    }

    /** Names of the fields, in the order in which they are published. */
    public List<String> fields() {
        return List.copyOf(types.keySet());
    }

    /** True if a whole value without any field like this is no value. */
    public boolean requires(final String field) {
        return required.contains(field);
    }

    /** The type of a field of this name; {@link FieldType#ANY} if the channel does not define it. */
    FieldType type(final String field) {
        return types.containsKey(field) ? OTHER_TYPES.getOrDefault(field, FieldType.NUMBER) : FieldType.ANY;
    }
}
