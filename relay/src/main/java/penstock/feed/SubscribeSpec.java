package penstock.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.config.Section;
import penstock.feed.rules.MessageMatch;
import penstock.feed.rules.Template;

/** How to ask a venue for symbols. Immutable; not for the hot path. */
public final class SubscribeSpec {
    private static final long ACK_TIMEOUT_MS = 10_000;

    private final Template message;
    private final Map<String, Template> topics;
    private final int batch;
    private final Ack ack;
    private final Variables variables;

    private SubscribeSpec(
            final Template message, final Map<String, Template> topics, final int batch, final Ack ack, final Variables variables) {
        this.message = message;
        this.topics = topics;
        this.batch = batch;
        this.ack = ack;
        this.variables = variables;
    }

    /**
     * How the venue confirms.
     *
     * @param match     the confirmation
     * @param timeoutMs how long it may take
     */
    public record Ack(MessageMatch match, long timeoutMs) {
    }

    static SubscribeSpec read(final Section section, final List<ChannelSpec> channels, final Variables variables) {
        Later.refuse(section, "unsubscribe", "max-bytes", "rate", "mode");
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
        final SubscribeSpec spec = new SubscribeSpec(message, topics, batch, ack(section), variables);
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
            topics.put(channel, variables.template(written, channel, written.text(channel, ""), Set.of("symbol")));
        }
        return topics;
    }

    private static Ack ack(final Section section) {
        if (!section.has("ack")) {
            return null;
        }
        final Section written = section.section("ack");
        Later.refuse(written, "correlate", "key", "topic", "ok", "accepted", "refused", "mode");
        final Ack ack = new Ack(MessageMatch.read(written, "match"), written.durationMs("timeout", ACK_TIMEOUT_MS, 100, 600_000));
        written.refuseUnknownKeys();
        return ack;
    }

    /** True when the venue is never asked: the address says what comes, or everything does. */
    public boolean isSilent() {
        return message == null;
    }

    /** How the venue confirms, null when the file does not say. */
    public Ack ack() {
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
        if (message == null || symbols.isEmpty()) {
            return List.of();
        }
        final List<String> wanted = message.uses("topics") ? topicsOf(channels, symbols) : symbols;
        final List<String> messages = new ArrayList<>();
        for (int from = 0; from < wanted.size(); from += batch) {
            final List<String> part = wanted.subList(from, Math.min(wanted.size(), from + batch));
            final long id = firstId + messages.size();
            messages.add(message.render(name -> name.equals("id") ? List.of(Long.toString(id)) : part, variables.environment()));
        }
        return messages;
    }

    private List<String> topicsOf(final List<String> channels, final List<String> symbols) {
        final List<String> wanted = new ArrayList<>();
        for (final String channel : channels) {
            final Template topic = topics.get(channel);
            if (topic == null) {
                throw new IllegalArgumentException("channel " + channel + " has no subscribe.topic; there are " + topics.keySet());
            }
            for (final String symbol : symbols) {
                final Collection<String> one = List.of(symbol);
                wanted.add(topic.render(name -> one, variables.environment()));
            }
        }
        return wanted;
    }
}
