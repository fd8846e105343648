package penstock.venue.spec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.time.RateSpec;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.symbol.SymbolSpec;

/** Reads {@code subscribe}. Owned by the thread that reads the file. */
public final class SubscribeReader {
    /** The keys of {@code subscribe}. */
    public static final KeyTable KEYS = KeyTable.of("subscribe").include("", BatchLimits.KEYS).include("rate",
        RateSpec.keys("Subscribe messages in any window of `per`, beside `connection.rate`.", true));
    private static final String MESSAGE = KEYS.key("message", "template, or map of templates by channel", KeyTable.NONE,
        "Message that subscribes to items: `{symbols}` or `{topics}`, and `{id}`. Without it the relay never "
        + "asks; the address decides what comes. In a map, the name of another channel instead of a message: this "
        + "channel comes with that one's subscription. Or a list: [several subscriptions](#several-subscriptions) for "
        + "one channel.");
    private static final String UNSUBSCRIBE = KEYS.key("unsubscribe", "template, or map of templates by channel",
        KeyTable.NONE, "Message that unsubscribes; in a map a list, too.");
    private static final String TOPIC = KEYS.key("topic", "map of templates by channel", KeyTable.NONE,
        "The venue's name of an item, from `{symbol}`; or a list of such names.");
    private static final ChoiceKey<Mode> MODE = KEYS.choice("mode", Mode.INCREMENTAL,
        "`replace-connection`: the items of a connection are fixed; a change opens another connection.");
    /** The keys of {@code subscribe.ack}. */
    public static final KeyTable ACK_KEYS = AckReader.KEYS;
    private static final Set<String> HOLES = Set.of("topics", "symbols", "id", "nowMs");

    private final ConfigSection section;
    private final List<ChannelSpec> channels;
    private final SymbolSpec symbols;
    private final VenueVariables variables;

    /** How the items of a connection change. */
    private enum Mode { INCREMENTAL, REPLACE_CONNECTION }

    private SubscribeReader(final ConfigSection section, final List<ChannelSpec> channels,
            final SymbolSpec symbols, final VenueVariables variables) {
        this.section = section;
        this.channels = channels;
        this.symbols = symbols;
        this.variables = variables;
    }

    /** {@code symbols}: the venue's spelling of a published name. */
    public static SubscribeSpec read(final ConfigSection section, final List<ChannelSpec> channels,
            final SymbolSpec symbols, final VenueVariables variables) {
        return new SubscribeReader(section, channels, symbols, variables).read();
    }

    private SubscribeSpec read() {
        final Map<String, MessageTemplate> message = templates(MESSAGE);
        final SubscribeSpec.Templates words = new SubscribeSpec.Templates(message, unsubscribe(message), topics(),
            carriers(), channels.stream().collect(Collectors.toMap(ChannelSpec::name, ChannelSpec::address)));
        if (message.isEmpty() && section.has(TOPIC)) {
            section.problem(TOPIC, "has no effect without message");
        }
        if (!message.isEmpty()) {
            checkChannels(words);
        }
        final Mode mode = MODE.read(section);
        if (mode == Mode.REPLACE_CONNECTION && section.has(UNSUBSCRIBE)) {
            section.problem(UNSUBSCRIBE, "has no effect: mode is replace-connection");
        }
        final AckSpec ack = AckReader.read(section);
        final SubscribeSpec.Limits limits =
            new SubscribeSpec.Limits(BatchLimits.read(section, channels, message.keySet()),
            RateSpec.read(section, "rate", true), mode == Mode.REPLACE_CONNECTION);
        return new SubscribeSpec(words, limits, ack, symbols, variables);
    }

    /** One template for all channels, or one per channel. */
    private Map<String, MessageTemplate> templates(final String key) {
        if (!section.has(key)) {
            return Map.of();
        }
        if (section.isText(key)) {
            final String written = section.text(key, "");
            if (isChannel(written)) {
                section.problem(key,
                    "must be a message with {symbols} or {topics}, got the name of channel " + written);
            }
            return Map.of("", variables.template(section, key, written, HOLES));
        }
        return byChannel(key, HOLES);
    }

    private Map<String, MessageTemplate> topics() {
        if (!section.has(TOPIC)) {
            return Map.of();
        }
        final Map<String, MessageTemplate> topics = byChannel(TOPIC, Set.of("symbol"));
        topics.forEach((key, topic) -> {
            if (!topic.loginValues().isEmpty()) {
                section.section(TOPIC).problem(SubscribeSpec.Templates.channel(key),
                    "cannot use " + String.join(", ", topic.loginValues())
                    + ": such values differ between connections; put them into message");
            }
        });
        return topics;
    }

    private Map<String, MessageTemplate> byChannel(final String key, final Set<String> placeholders) {
        final Map<String, MessageTemplate> templates = new TreeMap<>();
        final ConfigSection written = section.section(key);
        for (final String channel : written.keys()) {
            if (channels.stream().noneMatch(c -> c.name().equals(channel))) {
                written.problem(channel, "is not one of the channels " + ChannelReader.names(channels));
            }
            if (!key.equals(MESSAGE) || !isCarried(written, channel)) {
                final List<String> parts = written.textOrTexts(channel);
                if (parts.isEmpty()) {
                    written.problem(channel, "must be a text, or a list of texts: one for each subscription");
                }
                for (int part = 0; part < parts.size(); part++) {
                    checkText(written, key, channel, parts.get(part));
                    templates.put(SubscribeSpec.Templates.key(channel, part),
                        variables.template(written, channel, parts.get(part), placeholders));
                }
            }
        }
        return templates;
    }

    /** A word alone is no message, and the name of another channel is no name of a topic. */
    private void checkText(final ConfigSection written, final String key, final String channel,
            final String template) {
        final boolean isWord = template.matches(ChannelReader.NAME);
        if (key.equals(MESSAGE) && isWord) {
            written.problem(channel, "must be a message with {symbols} or {topics}, or the name of another "
                + "channel that has one, got " + template);
        } else if (key.equals(UNSUBSCRIBE) && isWord) {
            written.problem(channel, "must be a message with {symbols} or {topics}, got " + template
                + (isChannel(template) ? "; a channel that comes with another one's subscription ends with it, and "
                + "needs none: remove it" : ""));
        } else if (key.equals(TOPIC) && isChannel(template) && !template.equals(channel)) {
            written.problem(channel, "must be the venue's name of a topic, like \"" + channel + ".{symbol}\", got the "
                + "name of another channel; if " + channel + " comes with the subscription of " + template
                + ", write message { " + channel + " = " + template + " } and remove it here");
        }
    }

    private boolean isChannel(final String name) {
        return channels.stream().anyMatch(channel -> channel.name().equals(name));
    }

    /** Channels whose message is the name of another channel: they come with that one's subscription. */
    private Map<String, String> carriers() {
        final Map<String, String> carriers = new TreeMap<>();
        if (section.has(MESSAGE) && !section.isText(MESSAGE)) {
            final ConfigSection written = section.section(MESSAGE);
            written.keys().stream().filter(channel -> isCarried(written, channel))
                .forEach(channel -> carriers.put(channel, written.text(channel, "")));
        }
        return carriers;
    }

    private static boolean isCarried(final ConfigSection written, final String channel) {
        return written.isText(channel) && written.keys().contains(written.text(channel, ""))
            && !isName(written, written.text(channel, ""));
    }

    private static boolean isName(final ConfigSection written, final String channel) {
        return written.isText(channel) && written.keys().contains(written.text(channel, ""));
    }

    /** By the groups of the messages. */
    private Map<String, MessageTemplate> unsubscribe(final Map<String, MessageTemplate> message) {
        final Map<String, MessageTemplate> written = templates(UNSUBSCRIBE);
        if (written.isEmpty() || message.isEmpty()) {
            if (!written.isEmpty()) {
                section.problem(UNSUBSCRIBE, "has no effect without message");
            }
            return Map.of();
        }
        final Map<String, MessageTemplate> unsubscribe = new HashMap<>();
        for (final String group : message.keySet()) {
            final MessageTemplate template =
                written.getOrDefault("", SubscribeSpec.Templates.of(written, group));
            if (template == null) {
                section.problem(UNSUBSCRIBE, group.isEmpty() ? "must be one text, as message is"
                    : "has no text for channel " + group + ", which message has");
            } else {
                unsubscribe.put(group, template);
            }
        }
        return unsubscribe;
    }

    private void checkChannels(final SubscribeSpec.Templates words) {
        for (final ChannelSpec channel : channels) {
            final String name = words.carriers().getOrDefault(channel.name(), channel.name());
            final MessageTemplate message = words.message().get(words.isByChannel() ? name : "");
            if (message == null && channel.isDefault()) {
                section.problem(MESSAGE, "has no text for channel " + name + ", which is the default");
            }
            final boolean needsTopic = Stream.of(words.message(), words.unsubscribe())
                .flatMap(templates -> templates.entrySet().stream())
                .filter(each -> each.getKey().isEmpty() || SubscribeSpec.Templates.channel(each.getKey()).equals(name))
                .anyMatch(each -> each.getValue().uses("topics"));
            if (needsTopic && !words.topics().containsKey(name)) {
                section.problem(TOPIC, "must give the venue's topic name for channel " + name + ": " + name
                    + " = \"{symbol}\"");
            }
            if (!channel.address().equals(words.addresses().get(name))) {
                section.problem(MESSAGE, "brings channel " + channel.name() + " with channel " + name
                    + ", so both must have the same address");
            }
            checkParts(words, name);
        }
    }

    /** Each of several subscriptions of a channel has its own text, or one is for all. */
    private void checkParts(final SubscribeSpec.Templates words, final String channel) {
        final int messages = SubscribeSpec.Templates.count(words.message(), channel);
        final int topics = SubscribeSpec.Templates.count(words.topics(), channel);
        if (messages > 1 && topics > 1 && messages != topics) {
            section.section(TOPIC).problem(channel, "has " + topics + " names, and message has " + messages
                + " texts for this channel; give as many, or one for all");
        }
        final int unsubscribes = section.isText(UNSUBSCRIBE) ? 1
            : section.section(UNSUBSCRIBE).textOrTexts(channel).size();
        if (unsubscribes > 1 && unsubscribes != messages) {
            section.section(UNSUBSCRIBE).problem(channel, "has " + unsubscribes + " texts, and message has "
                + messages + " for this channel; give as many, or one for all");
        }
    }
}
