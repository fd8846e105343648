package penstock.venue.spec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.time.RateSpec;
import penstock.venue.rule.MessageTemplate;

/** How to ask a venue for symbols. Immutable; not for the hot path. */
public final class SubscribeSpec {
    /** As long as the number of a message ever gets: counted for when a message must not be too long. */
    private static final long LONG_ID = 9_999_999_999L;

    private final Words words;
    private final Limits limits;
    private final AckSpec ack;
    private final VenueVariables variables;

    SubscribeSpec(final Words words, final Limits limits, final AckSpec ack, final VenueVariables variables) {
        this.words = words;
        this.limits = limits;
        this.ack = ack;
        this.variables = variables;
    }

    /**
     * What is asked for once.
     *
     * @param group  the channel whose message asks for it, empty where one message asks for all channels
     * @param symbol as the configuration says
     * @param topic  as the venue calls symbol and channel together; the symbol where it does not
     */
    public record Item(String group, String symbol, String topic) {
        public boolean is(final String name) {
            return topic.equals(name) || symbol.equals(name);
        }
    }

    /**
     * What is said; each by the group of items that it is for.
     *
     * @param message     asks for items, none = the venue is never asked
     * @param unsubscribe takes that back, none = it can't be
     * @param topics      by channel
     */
    record Words(Map<String, MessageTemplate> message, Map<String, MessageTemplate> unsubscribe,
            Map<String, MessageTemplate> topics) {
        boolean isByChannel() {
            return !message.containsKey("");
        }
    }

    /**
     * How it may be said.
     *
     * @param batch              items of one message
     * @param maxBytes           of one message
     * @param rate               how often, apart from what is sent besides; null = no limit of its own
     * @param replacesConnection the items are fixed for the life of a connection
     */
    record Limits(int batch, int maxBytes, RateSpec rate, boolean replacesConnection) {
    }

    /** True when the venue is never asked: the address says what comes, or everything does. */
    public boolean isSilent() {
        return words.message().isEmpty();
    }

    /** How often requests may be made, apart from what is sent besides; null = no limit of their own. */
    public RateSpec rate() {
        return limits.rate();
    }

    /** How the venue confirms, null when it does not or the file does not say. */
    public AckSpec ack() {
        return ack;
    }

    /** Other items need another connection. */
    public boolean replacesConnection() {
        return limits.replacesConnection();
    }

    /** Whether the venue can be told that something is no longer wanted. */
    public boolean canUnsubscribe() {
        return !words.unsubscribe().isEmpty();
    }

    /**
     * The messages that ask for all symbols on all channels, in batches; none when there is nothing to ask for. They
     * may hold secrets, so they belong in no log.
     *
     * @param firstId number of the first message, the next has the next
     * @throws IllegalStateException that names the environment variable which is not set
     */
    public List<String> messages(final List<String> channels, final List<String> symbols, final long firstId) {
        final List<String> messages = new ArrayList<>();
        for (final List<Item> batch : batches(items(channels, symbols))) {
            messages.add(message(batch, firstId + messages.size()));
        }
        return messages;
    }

    /** All that is to be asked for, channel by channel; none when the venue is never asked. */
    public List<Item> items(final List<String> channels, final List<String> symbols) {
        final Set<Item> items = new LinkedHashSet<>();
        if (!isSilent()) {
            channels.forEach(channel -> symbols.forEach(symbol -> items.add(item(channel, symbol))));
        }
        return List.copyOf(items);
    }

    /**
     * One symbol of one channel.
     *
     * @throws IllegalArgumentException with a sentence when the venue can't be asked for that channel
     */
    public Item item(final String channel, final String symbol) {
        if (isSilent()) {
            throw new IllegalArgumentException("the venue is never asked for anything: subscribe.message is not set");
        }
        final String group = words.isByChannel() ? channel : "";
        final MessageTemplate message = words.message().get(group);
        if (message == null) {
            throw new IllegalArgumentException("channel " + channel + " has no subscribe.message; there are "
                + words.message().keySet());
        }
        final MessageTemplate topic = words.topics().get(channel);
        if (message.uses("topics") && topic == null) {
            throw new IllegalArgumentException("channel " + channel + " has no subscribe.topic; there are "
                + words.topics().keySet());
        }
        final boolean isNamed = topic != null && (words.isByChannel() || message.uses("topics"));
        final Collection<String> one = List.of(symbol);
        return new Item(group, symbol, isNamed ? topic.render(name -> one, variables.environment()) : symbol);
    }

    /** In the order of the items, as many in one message as the venue takes; never of two groups. */
    public List<List<Item>> batches(final List<Item> items) {
        final Map<String, List<Item>> groups = new LinkedHashMap<>();
        items.forEach(item -> groups.computeIfAbsent(item.group(), group -> new ArrayList<>()).add(item));
        final List<List<Item>> batches = new ArrayList<>();
        for (final List<Item> group : groups.values()) {
            for (int from = 0; from < group.size(); from += limits.batch()) {
                addHalved(group.subList(from, Math.min(group.size(), from + limits.batch())), batches);
            }
        }
        return batches;
    }

    /**
     * One message that asks for all of {@code items}, which are of one group.
     *
     * @throws IllegalStateException that names the environment variable which is not set
     */
    public String message(final List<Item> items, final long id) {
        return rendered(words.message(), items, id);
    }

    /** One message that takes back what {@link #message} asked for. */
    public String unsubscribeMessage(final List<Item> items, final long id) {
        return rendered(words.unsubscribe(), items, id);
    }

    private String rendered(final Map<String, MessageTemplate> templates, final List<Item> items, final long id) {
        return templates.get(items.get(0).group()).render(name -> switch (name) {
            case "id" -> List.of(Long.toString(id));
            case "topics" -> items.stream().map(Item::topic).toList();
            default -> items.stream().map(Item::symbol).distinct().toList();
        }, variables.environment());
    }

    /** Halves until a message is short enough; one item can't be halved. */
    private void addHalved(final List<Item> items, final List<List<Item>> batches) {
        if (items.size() > 1 && isTooLong(items)) {
            addHalved(items.subList(0, items.size() / 2), batches);
            addHalved(items.subList(items.size() / 2, items.size()), batches);
        } else {
            batches.add(List.copyOf(items));
        }
    }

    private boolean isTooLong(final List<Item> items) {
        return limits.maxBytes() < Integer.MAX_VALUE && (bytes(message(items, LONG_ID)) > limits.maxBytes()
            || canUnsubscribe() && bytes(unsubscribeMessage(items, LONG_ID)) > limits.maxBytes());
    }

    private static int bytes(final String message) {
        return message.getBytes(StandardCharsets.UTF_8).length;
    }
}
