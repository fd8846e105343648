package penstock.venue;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.config.Problems;

/**
 * Channels of several intervals, like candles of a minute and of an hour: {@code intervals { 1m = 1min, 1h = 60min }}.
 * Everything that the file says of the channel is written once; it is repeated here for each interval, with the
 * interval in place of {@code {interval}}, before the file is read. The channel itself has the interval
 * {@code interval}; the others are channels {@code candle-1h}. Stateless.
 */
final class ChannelIntervals {
    private static final String INTERVALS = "intervals";
    private static final String INTERVAL = "interval";
    private static final List<String> BY_CHANNEL = List.of("message", "unsubscribe", "topic", "batch", "max-bytes");

    private ChannelIntervals() {
    }

    /** One interval of a channel: its name for subscribers, and the venue's word. */
    private record Interval(String name, String word) {
        String in(final String text) {
            return text.replace("{interval}", word).replace("{interval-name}", name);
        }
    }

    /** The file with a channel for each interval. */
    static ConfigObject expand(final ConfigObject root, final Problems problems) {
        ConfigObject expanded = root;
        if (root.get("channels") instanceof ConfigObject channels) {
            for (final String name : channels.keySet()) {
                if (channels.get(name) instanceof ConfigObject channel && channel.containsKey(INTERVALS)) {
                    expanded = expand(expanded, name, channel, problems);
                }
            }
        }
        return expanded;
    }

    private static ConfigObject expand(final ConfigObject root, final String name, final ConfigObject channel,
            final Problems problems) {
        final String place = "channels." + name + ".";
        final Map<String, Interval> channels = new LinkedHashMap<>();
        final String first = channel.get(INTERVAL) == null ? "" : channel.get(INTERVAL).unwrapped().toString();
        if (channel.get(INTERVALS) instanceof ConfigObject intervals) {
            intervals.forEach((interval, word) -> {
                if (!interval.matches("[0-9]{1,3}[a-z]{1,2}")) {
                    problems.add(word.origin(), place + INTERVALS, "must have names like 1m, 15m, 1h, 1d, got "
                        + interval);
                } else if (word.valueType() == ConfigValueType.OBJECT || word.valueType() == ConfigValueType.LIST) {
                    problems.add(word.origin(), place + INTERVALS + "." + interval, "must be text: the venue's word");
                }
                channels.put(interval.equals(first) ? name : name + "-" + interval,
                    new Interval(interval, String.valueOf(word.unwrapped())));
            });
        } else {
            problems.add(channel.get(INTERVALS).origin(), place + INTERVALS,
                "must be an object like { 1m = 1min, 1h = 60min }, with the venue's words");
            return root;
        }
        if (!channels.containsKey(name)) {
            problems.add(channel.origin(), place + INTERVAL, "must be one of " + INTERVALS + " "
                + channels.values().stream().map(Interval::name).sorted().toList() + ": that of channel " + name
                + (first.isEmpty() ? "" : ", got " + first));
            return root;
        }
        return expand(root, name, channels);
    }

    private static ConfigObject expand(final ConfigObject root, final String name,
            final Map<String, Interval> channels) {
        ConfigObject result = root;
        final ConfigObject written = (ConfigObject) root.get("channels");
        ConfigObject all = written;
        for (final Map.Entry<String, Interval> channel : channels.entrySet()) {
            ConfigObject own = ((ConfigObject) written.get(name)).withoutKey(INTERVALS).withoutKey(INTERVAL);
            own = channel.getKey().equals(name) ? own : own.withoutKey("default");
            all = all.withValue(channel.getKey(), own);
        }
        result = result.withValue("channels", all);
        if (result.get("subscribe") instanceof ConfigObject subscribe) {
            for (final String key : BY_CHANNEL) {
                if (subscribe.get(key) instanceof ConfigObject byChannel && byChannel.containsKey(name)) {
                    ConfigObject each = byChannel;
                    for (final Map.Entry<String, Interval> channel : channels.entrySet()) {
                        each = each.withValue(channel.getKey(), filled(byChannel.get(name), channel.getValue()));
                    }
                    subscribe = subscribe.withValue(key, each);
                }
            }
            result = result.withValue("subscribe", subscribe);
        }
        if (result.get("messages") instanceof ConfigObject messages
                && messages.get("rules") instanceof ConfigList rules) {
            result = result.withValue("messages", messages.withValue("rules", rules(rules, name, channels)));
        }
        return result;
    }

    /** The rules of the channel, one for each interval; also inside of rules that have rules. */
    private static ConfigValue rules(final ConfigList rules, final String name, final Map<String, Interval> channels) {
        final List<ConfigValue> all = new ArrayList<>();
        for (final ConfigValue rule : rules) {
            if (!(rule instanceof ConfigObject object)) {
                all.add(rule);
            } else if (object.get("rules") instanceof ConfigList inner) {
                all.add(object.withValue("rules", rules(inner, name, channels)));
            } else if (object.get("channel") != null && object.get("channel").unwrapped().equals(name)) {
                channels.forEach((channel, interval) -> all.add(rule(object, name, channel, interval)));
            } else {
                all.add(rule);
            }
        }
        return ConfigValueFactory.fromIterable(all).withOrigin(rules.origin());
    }

    private static ConfigValue rule(final ConfigObject rule, final String name, final String channel,
            final Interval interval) {
        ConfigObject filled = (ConfigObject) filled(rule, interval);
        if (!channel.equals(name)) {
            filled = filled.withValue("channel", text(channel, rule.get("channel")));
            if (rule.get("name") != null) {
                filled = filled.withValue("name",
                    text(rule.get("name").unwrapped() + "-" + interval.name(), rule.get("name")));
            }
        }
        return filled;
    }

    /** With the interval in all texts, and in the keys of conditions. */
    private static ConfigValue filled(final ConfigValue value, final Interval interval) {
        if (value instanceof ConfigObject object) {
            ConfigObject result = object;
            for (final Map.Entry<String, ConfigValue> entry : object.entrySet()) {
                result = result.withoutKey(entry.getKey())
                    .withValue(interval.in(entry.getKey()), filled(entry.getValue(), interval));
            }
            return result;
        }
        if (value instanceof ConfigList list) {
            return ConfigValueFactory.fromIterable(list.stream().map(each -> filled(each, interval)).toList())
                .withOrigin(list.origin());
        }
        return value.valueType() == ConfigValueType.STRING ? text(interval.in((String) value.unwrapped()), value)
            : value;
    }

    private static ConfigValue text(final String text, final ConfigValue origin) {
        return ConfigValueFactory.fromAnyRef(text).withOrigin(origin.origin());
    }
}
