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
import penstock.venue.symbol.SymbolSpec;

/** How to subscribe to symbols. Immutable; not for the hot path. */
public final class SubscribeSpec {
    /** The longest request id; used to estimate the size of a message. */
    private static final long MAX_ID = 9_999_999_999L;

    private final Templates templates;
    private final Limits limits;
    private final AckSpec ack;
    private final SymbolSpec symbols;
    private final VenueVariables variables;

    SubscribeSpec(final Templates templates, final Limits limits, final AckSpec ack,
            final SymbolSpec symbols, final VenueVariables variables) {
        this.templates = templates;
        this.limits = limits;
        this.ack = ack;
        this.symbols = symbols;
        this.variables = variables;
    }

    /**
     * One subscription at the venue.
     *
     * @param address the name of the address where the venue has it
     * @param group   the message that subscribes it: its channel, and which of several; empty if one message serves all
     * @param symbol  in the venue's spelling; the topic if the subscription brings all symbols
     * @param topic   the venue's name of symbol and channel together; the symbol if there is no such name
     */
    public record Item(String address, String group, String symbol, String topic) {
        /** At the main address. */
        public Item(final String group, final String symbol, final String topic) {
            this(ConnectionSpec.Endpoint.MAIN, group, symbol, topic);
        }

        public boolean is(final String name) {
            return topic.equals(name) || symbol.equals(name);
        }
    }

    /**
     * The messages, by group of items.
     *
     * @param message     subscribes items, empty = the venue accepts no subscriptions
     * @param unsubscribe cancels them, empty = impossible
     * @param topics      topic names by channel, and which of several
     * @param carriers    channels that come with the subscription of another channel, and that one
     * @param addresses   names of addresses, by channel
     */
    record Templates(Map<String, MessageTemplate> message, Map<String, MessageTemplate> unsubscribe,
            Map<String, MessageTemplate> topics, Map<String, String> carriers, Map<String, String> addresses) {
        boolean isByChannel() {
            return !message.containsKey("");
        }

        /** The key of one of the subscriptions that a channel takes, the first being 0. */
        static String key(final String channel, final int part) {
            return part == 0 ? channel : channel + " " + (part + 1);
        }

        /** The channel of a key. */
        static String channel(final String key) {
            return key.indexOf(' ') < 0 ? key : key.substring(0, key.indexOf(' '));
        }

        /** The template of a key, or the one for all subscriptions of its channel, or null. */
        static MessageTemplate of(final Map<String, MessageTemplate> templates, final String key) {
            return templates.getOrDefault(key, templates.get(channel(key)));
        }

        /** How many subscriptions of a channel have a template of their own. */
        static int count(final Map<String, MessageTemplate> templates, final String channel) {
            int count = 0;
            while (templates.containsKey(key(channel, count))) {
                count++;
            }
            return count;
        }

        /** How many subscriptions a channel takes. */
        int parts(final String channel) {
            return Math.max(1, Math.max(count(message, channel), count(topics, channel)));
        }
    }

    /**
     * The limits of the messages.
     *
     * @param batch              items and bytes per message
     * @param rate               messages per time, in addition to the connection's rate; null = no limit of its own
     * @param replacesConnection the items are fixed for the life of a connection
     */
    record Limits(BatchLimits batch, RateSpec rate, boolean replacesConnection) {
    }

    /** True if the venue accepts no subscriptions: the address decides, or it sends everything. */
    public boolean isUnsupported() {
        return templates.message().isEmpty();
    }

    /** Rate limit of requests, in addition to the connection's rate; null = none. */
    public RateSpec rate() {
        return limits.rate();
    }

    /** How the venue acknowledges requests, null if it does not or the file does not say. */
    public AckSpec ack() {
        return ack;
    }

    /** True if other items need another connection. */
    public boolean replacesConnection() {
        return limits.replacesConnection();
    }

    /** True if the venue accepts unsubscriptions. */
    public boolean canUnsubscribe() {
        return !templates.unsubscribe().isEmpty();
    }

    /**
     * The messages that subscribe all symbols on all channels, in batches. They may contain secrets: never log them.
     *
     * @param firstId id of the first message; ids increase by one
     * @throws IllegalStateException that names an environment variable that is not set
     */
    public List<String> messages(final List<String> channels, final List<String> symbols, final long firstId) {
        final List<String> messages = new ArrayList<>();
        for (final List<Item> batch : batches(items(channels, symbols))) {
            messages.add(message(batch, firstId + messages.size()));
        }
        return messages;
    }

    /** All items, channel by channel; none if the venue accepts no subscriptions. */
    public List<Item> items(final List<String> channels, final List<String> symbols) {
        final Set<Item> items = new LinkedHashSet<>();
        if (!isUnsupported()) {
            channels.forEach(channel -> symbols.forEach(symbol -> items.addAll(items(channel, symbol))));
        }
        return List.copyOf(items);
    }

    /**
     * One symbol of one channel, in order; {@code symbol} is spelled as it is published. One connection must have all
     * of them: together they make the topic.
     *
     * @throws IllegalArgumentException with a sentence if the venue has no subscription for the channel
     */
    public List<Item> items(final String named, final String symbol) {
        final String channel = templates.carriers().getOrDefault(named, named);
        if (isUnsupported()) {
            throw new IllegalArgumentException("the venue accepts no subscriptions: subscribe.message is not set");
        }
        if (templates.isByChannel() && !templates.message().containsKey(channel)) {
            throw new IllegalArgumentException("channel " + channel + " has no subscribe.message; the file has it for "
                + templates.message().keySet());
        }
        final Set<Item> items = new LinkedHashSet<>();
        for (int part = 0; part < templates.parts(channel); part++) {
            items.add(item(channel, part, symbols.spelling(symbol)));
        }
        return List.copyOf(items);
    }

    private Item item(final String channel, final int part, final String spelling) {
        final String ofPart = Templates.key(channel, part);
        final String group = !templates.isByChannel() ? "" : templates.message().containsKey(ofPart) ? ofPart : channel;
        final MessageTemplate message = templates.message().get(group);
        final MessageTemplate topic = Templates.of(templates.topics(), ofPart);
        if (message.uses("topics") && topic == null) {
            throw new IllegalArgumentException("channel " + channel + " has no subscribe.topic; the file has it for "
                + templates.topics().keySet());
        }
        final boolean isNamed = topic != null && (templates.isByChannel() || message.uses("topics"));
        final boolean isOfAll = !message.uses("symbols") && (isNamed ? !topic.uses("symbol") : !message.uses("topics"));
        final Collection<String> one = List.of(spelling);
        final String symbol = isOfAll ? channel : spelling;
        final String name = isNamed ? topic.render(hole -> one, variables.environment()) : symbol;
        return new Item(templates.addresses().get(channel), group, isOfAll ? name : symbol, name);
    }

    /** Whether an item subscribes to its symbol in that channel. */
    public boolean subscribes(final Item item, final String named) {
        final String channel = templates.carriers().getOrDefault(named, named);
        if (!templates.message().containsKey(templates.isByChannel() ? channel : "")) {
            return false;
        }
        for (int part = 0; part < templates.parts(channel); part++) {
            if (hasTopic(channel, part) && item(channel, part, item.symbol()).equals(item)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The published name of the symbol that an item subscribes to in that channel; null if it subscribes to another
     * channel, or to all symbols at once.
     */
    public String symbol(final Item item, final String named) {
        final String symbol = subscribes(item, named) ? symbols.published(item.symbol()) : null;
        // one that brings all symbols is the same for each
        return symbol == null || items(named, symbol + symbol).contains(item) ? null : symbol;
    }

    private boolean hasTopic(final String channel, final int part) {
        return Templates.of(templates.topics(), Templates.key(channel, part)) != null
            || templates.message().values().stream().noneMatch(message -> message.uses("topics"));
    }

    /** Splits items into batches, in order: as many per message as the venue takes, and one group per message. */
    public List<List<Item>> batches(final List<Item> items) {
        final Map<String, List<Item>> groups = new LinkedHashMap<>();
        items.forEach(item -> groups.computeIfAbsent(item.group(), group -> new ArrayList<>()).add(item));
        final List<List<Item>> batches = new ArrayList<>();
        groups.forEach((name, group) -> {
            final int count = limits.batch().items(name);
            for (int from = 0; from < group.size(); from += count) {
                addHalved(group.subList(from, Math.min(group.size(), from + count)), batches);
            }
        });
        return batches;
    }

    /**
     * One message that subscribes all of {@code items}, which belong to one group.
     *
     * @throws IllegalStateException that names an environment variable that is not set
     */
    public String message(final List<Item> items, final long id) {
        return rendered(templates.message(), items, id);
    }

    /** One message that cancels the subscriptions of {@link #message}. */
    public String unsubscribeMessage(final List<Item> items, final long id) {
        return rendered(templates.unsubscribe(), items, id);
    }

    private String rendered(final Map<String, MessageTemplate> templates, final List<Item> items, final long id) {
        return templates.get(items.get(0).group()).render(name -> switch (name) {
            case "id" -> List.of(Long.toString(id));
            case "nowMs" -> List.of(Long.toString(System.currentTimeMillis()));
            case "topics" -> items.stream().map(Item::topic).toList();
            default -> items.stream().map(Item::symbol).distinct().toList();
        }, variables.environment());
    }

    /** Halves a batch until its message is short enough; one item cannot be halved. */
    private void addHalved(final List<Item> items, final List<List<Item>> batches) {
        if (items.size() > 1 && isTooLong(items)) {
            addHalved(items.subList(0, items.size() / 2), batches);
            addHalved(items.subList(items.size() / 2, items.size()), batches);
        } else {
            batches.add(List.copyOf(items));
        }
    }

    private boolean isTooLong(final List<Item> items) {
        final int most = limits.batch().bytes(items.get(0).group());
        return most < Integer.MAX_VALUE && (bytes(message(items, MAX_ID)) > most
            || canUnsubscribe() && bytes(unsubscribeMessage(items, MAX_ID)) > most);
    }

    private static int bytes(final String message) {
        return message.getBytes(StandardCharsets.UTF_8).length;
    }
}
