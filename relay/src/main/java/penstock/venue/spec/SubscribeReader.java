package penstock.venue.spec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import penstock.config.ConfigSection;
import penstock.time.RateSpec;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.symbol.SymbolSpec;

/** Reads {@code subscribe}. Owned by the thread that reads the file. */
public final class SubscribeReader {
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
        final Map<String, MessageTemplate> message = templates("message");
        final SubscribeSpec.Templates words = new SubscribeSpec.Templates(message, unsubscribe(message), topics(),
            carriers());
        if (message.isEmpty() && section.has("topic")) {
            section.problem("topic", "has no effect without message");
        }
        if (!message.isEmpty()) {
            checkChannels(words);
        }
        final Mode mode = section.choice("mode", Mode.INCREMENTAL, Mode.class);
        if (mode == Mode.REPLACE_CONNECTION && section.has("unsubscribe")) {
            section.problem("unsubscribe", "has no effect: mode is replace-connection");
        }
        final int batch = section.integer("batch", 100, 1, 100_000);
        final int maxBytes = (int) section.bytes("max-bytes", Integer.MAX_VALUE, 64, Integer.MAX_VALUE);
        final AckSpec ack = AckReader.read(section);
        final SubscribeSpec.Limits limits =
            new SubscribeSpec.Limits(batch, maxBytes, RateSpec.read(section, "rate", true),
            mode == Mode.REPLACE_CONNECTION);
        return new SubscribeSpec(words, limits, ack, symbols, variables);
    }

    /** One template for all channels, or one per channel. */
    private Map<String, MessageTemplate> templates(final String key) {
        if (!section.has(key)) {
            return Map.of();
        }
        if (section.isText(key)) {
            return Map.of("", variables.template(section, key, section.text(key, ""), HOLES));
        }
        return byChannel(key, HOLES);
    }

    private Map<String, MessageTemplate> topics() {
        if (!section.has("topic")) {
            return Map.of();
        }
        final Map<String, MessageTemplate> topics = byChannel("topic", Set.of("symbol"));
        topics.forEach((channel, topic) -> {
            if (!topic.loginValues().isEmpty()) {
                section.section("topic").problem(channel,
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
            if (!isCarried(written, channel)) {
                templates.put(channel, variables.template(written, channel, written.text(channel, ""), placeholders));
            }
        }
        return templates;
    }

    /** Channels whose message is the name of another channel: they come with that one's subscription. */
    private Map<String, String> carriers() {
        final Map<String, String> carriers = new TreeMap<>();
        if (section.has("message") && !section.isText("message")) {
            final ConfigSection written = section.section("message");
            written.keys().stream().filter(channel -> isCarried(written, channel))
                .forEach(channel -> carriers.put(channel, written.text(channel, "")));
        }
        return carriers;
    }

    private static boolean isCarried(final ConfigSection written, final String channel) {
        final String carrier = written.text(channel, "");
        return written.keys().contains(carrier) && !written.keys().contains(written.text(carrier, ""));
    }

    /** By the groups of the messages. */
    private Map<String, MessageTemplate> unsubscribe(final Map<String, MessageTemplate> message) {
        final Map<String, MessageTemplate> written = templates("unsubscribe");
        if (written.isEmpty() || message.isEmpty()) {
            if (!written.isEmpty()) {
                section.problem("unsubscribe", "has no effect without message");
            }
            return Map.of();
        }
        final Map<String, MessageTemplate> unsubscribe = new HashMap<>();
        for (final String group : message.keySet()) {
            final MessageTemplate template = written.containsKey("") ? written.get("") : written.get(group);
            if (template == null) {
                section.problem("unsubscribe", group.isEmpty() ? "must be one text, as message is"
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
            final MessageTemplate unsubscribe = words.unsubscribe().get(words.isByChannel() ? name : "");
            if (message == null && channel.isDefault()) {
                section.problem("message", "has no text for channel " + name + ", which is the default");
            }
            final boolean needsTopic = message != null && message.uses("topics") || unsubscribe != null
                && unsubscribe.uses("topics");
            if (needsTopic && !words.topics().containsKey(name)) {
                section.problem("topic", "must give the venue's topic name for channel " + name + ": " + name
                    + " = \"{symbol}\"");
            }
        }
    }
}
