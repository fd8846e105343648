package penstock.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.config.Section;
import penstock.feed.rules.Template;

/** How to ask a venue for symbols. Immutable; not for the hot path. */
public final class SubscribeSpec {
    private final Template message;
    private final Map<String, Template> topics;
    private final int batch;
    private final AckSpec ack;
    private final RateSpec rate;
    private final Variables variables;

    private SubscribeSpec(
            final Template message, final Map<String, Template> topics, final int batch, final AckSpec ack, final RateSpec rate,
            final Variables variables) {
        this.message = message;
        this.topics = topics;
        this.batch = batch;
        this.ack = ack;
        this.rate = rate;
        this.variables = variables;
    }

    /**
     * What is asked for once.
     *
     * @param symbol as the configuration says
     * @param topic  as the venue calls symbol and channel together; the symbol where it does not
     */
    record Item(String symbol, String topic) {
        boolean is(final String name) {
            return topic.equals(name) || symbol.equals(name);
        }
    }

    static SubscribeSpec read(final Section section, final List<ChannelSpec> channels, final Variables variables) {
        Later.refuse(section, "unsubscribe", "max-bytes", "mode");
        final String source = section.text("message", null);
        final Template message = source == null ? null
            : variables.template(section, "message", source, Set.of("topics", "symbols", "id"));
        final Map<String, Template> topics = topics(section, channels, variables);
        if (message != null && message.uses("topics")) {
            channels.stream().map(ChannelSpec::name).filter(name -> !topics.containsKey(name))
                .forEach(name -> section.problem("topic",
                    "must say how the venue names a topic of channel " + name + ": " + name + " = \"{symbol}\""));
        }
        if (message == null && !topics.isEmpty()) {
            section.problem("topic", "is of no use without message");
        }
        final int batch = section.integer("batch", 100, 1, 100_000);
        final SubscribeSpec spec = new SubscribeSpec(message, topics, batch, AckSpec.read(section), RateSpec.read(section, "rate", true),
            variables);
        section.refuseUnknownKeys();
        return spec;
    }

    private static Map<String, Template> topics(final Section section, final List<ChannelSpec> channels, final Variables variables) {
        final Map<String, Template> topics = new HashMap<>();
        final Section written = section.section("topic");
        for (final String channel : written.keys()) {
            if (channels.stream().noneMatch(c -> c.name().equals(channel))) {
                written.problem(channel, "is not one of the channels " + ChannelReader.names(channels));
            }
            if (Variables.hasHoles(written.text(channel, ""))) {
                written.problem(channel, "can't hold values of plugins, they differ from connection to connection; put them into message");
            }
            topics.put(channel, variables.template(written, channel, written.text(channel, ""), Set.of("symbol")));
        }
        return topics;
    }

    /** True when the venue is never asked: the address says what comes, or everything does. */
    public boolean isSilent() {
        return message == null;
    }

    /** How often requests may be made, apart from what is sent besides; null = no limit of their own. */
    public RateSpec rate() {
        return rate;
    }

    /** How many items one message asks for. */
    int batch() {
        return batch;
    }

    /** How the venue confirms, null when it does not or the file does not say. */
    public AckSpec ack() {
        return ack;
    }

    /**
     * The messages that ask for all symbols on all channels, in batches; none when there is nothing to ask for. They may hold
     * secrets, so they belong in no log.
     *
     * @param firstId number of the first message, the next has the next
     * @throws IllegalStateException that names the environment variable which is not set
     */
    public List<String> messages(final List<String> channels, final List<String> symbols, final long firstId) {
        final List<Item> items = items(channels, symbols);
        final List<String> messages = new ArrayList<>();
        for (int from = 0; from < items.size(); from += batch) {
            messages.add(message(items.subList(from, Math.min(items.size(), from + batch)), firstId + messages.size()));
        }
        return messages;
    }

    /** All that is to be asked for; none when the venue is never asked. */
    List<Item> items(final List<String> channels, final List<String> symbols) {
        if (message == null || symbols.isEmpty()) {
            return List.of();
        }
        return message.uses("topics") ? topicsOf(channels, symbols) : symbols.stream().map(symbol -> new Item(symbol, symbol)).toList();
    }

    /**
     * One message that asks for all of {@code items}.
     *
     * @throws IllegalStateException that names the environment variable which is not set
     */
    String message(final List<Item> items, final long id) {
        return message.render(name -> switch (name) {
            case "id" -> List.of(Long.toString(id));
            case "topics" -> items.stream().map(Item::topic).toList();
            default -> items.stream().map(Item::symbol).distinct().toList();
        }, variables.environment());
    }

    private List<Item> topicsOf(final List<String> channels, final List<String> symbols) {
        final List<Item> wanted = new ArrayList<>();
        for (final String channel : channels) {
            final Template topic = topics.get(channel);
            if (topic == null) {
                throw new IllegalArgumentException("channel " + channel + " has no subscribe.topic; there are " + topics.keySet());
            }
            for (final String symbol : symbols) {
                final Collection<String> one = List.of(symbol);
                wanted.add(new Item(symbol, topic.render(name -> one, variables.environment())));
            }
        }
        return wanted;
    }
}
