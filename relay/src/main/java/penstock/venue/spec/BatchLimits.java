package penstock.venue.spec;

import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.NumberKey;
import penstock.config.KeyTable.SizeKey;

/**
 * How much one message to the venue may subscribe to, for all channels or by channel. Immutable.
 *
 * @param items by channel: items per message; at {@link #OTHERS} for the channels that are not named
 * @param bytes by channel: size of a message; the same
 */
record BatchLimits(Map<String, Integer> items, Map<String, Integer> bytes) {
    /** The keys, in {@code subscribe}. */
    static final KeyTable KEYS = KeyTable.of("subscribe");
    private static final int MAX_ITEMS = 100_000;
    private static final int MIN_BYTES = 64;
    private static final NumberKey ITEMS = new NumberKey(KEYS.key("batch",
        "whole number, 1 to " + MAX_ITEMS + ", or map of them by channel", "`100`",
        "Items per message. In a map, of each channel that has a message of its own; `100` for those that it does not "
        + "name."), 100, 1, MAX_ITEMS);
    private static final SizeKey BYTES = new SizeKey(KEYS.key("max-bytes",
        "size, 64 to 2147483647, or map of them by channel", "no limit",
        "Largest message; larger batches are bisected. Some venues ignore a message that is too long without a word. "
        + "In a map as `batch`."), Integer.MAX_VALUE, MIN_BYTES, Integer.MAX_VALUE);
    /** No name of a channel. */
    private static final String OTHERS = "";

    /** {@code groups}: the channels that have a message of their own; one message for all channels has no name. */
    static BatchLimits read(final ConfigSection section, final List<ChannelSpec> channels, final Set<String> groups) {
        return new BatchLimits(read(section, ITEMS.name(), ITEMS.orElse(), channels, groups,
            (written, key) -> new NumberKey(key, ITEMS.orElse(), ITEMS.min(), ITEMS.max()).read(written)),
            read(section, BYTES.name(), BYTES.orElse(), channels, groups,
            (written, key) -> new SizeKey(key, BYTES.orElse(), BYTES.min(), BYTES.max()).read(written)));
    }

    /** Reads one limit. */
    private interface LimitReader {
        int read(ConfigSection written, String key);
    }

    private static Map<String, Integer> read(final ConfigSection section, final String key, final int orElse,
            final List<ChannelSpec> channels, final Set<String> groups, final LimitReader reader) {
        if (!(section.written(key) instanceof ConfigObject)) {
            return Map.of(OTHERS, reader.read(section, key));
        }
        final Map<String, Integer> limits = new TreeMap<>(Map.of(OTHERS, orElse));
        final ConfigSection written = section.section(key);
        if (groups.contains(OTHERS)) {
            section.problem(key, "is by channel, and message is one text for all of them: give message a text for each "
                + "channel, or write one number");
        }
        for (final String channel : written.keys()) {
            if (channels.stream().noneMatch(each -> each.name().equals(channel))) {
                written.problem(channel, "is not one of the channels " + ChannelReader.names(channels));
            } else if (!groups.contains(channel) && !groups.contains(OTHERS)) {
                written.problem(channel, "has no effect: message has no text of its own for this channel");
            }
            limits.put(channel, reader.read(written, channel));
        }
        return limits;
    }

    /** Items per message of a group of items. */
    int items(final String group) {
        return of(items, group);
    }

    /** Bytes of a message of a group of items. */
    int bytes(final String group) {
        return of(bytes, group);
    }

    private static int of(final Map<String, Integer> limits, final String group) {
        return limits.getOrDefault(SubscribeSpec.Templates.channel(group), limits.get(OTHERS));
    }
}
