package penstock.server;

import io.undertow.server.HttpServerExchange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.ErrorCode;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.request.SymbolPattern;
import penstock.wire.request.TopicQuery;

/**
 * {@code /v1/snapshot} and {@code /v1/symbols}: what the shard of the request's io thread knows, at once and consistent
 * in itself. Runs on the io threads.
 */
final class SnapshotEndpoint {
    /** Patterns times topics: about 20 ms of the io thread. */
    private static final long MAX_COMPARISONS = 1_000_000;
    private static final int ENTRY_BYTES = 256;
    private static final String BOOK = "order-book";

    private final SessionAdmission lobby;

    SnapshotEndpoint(final SessionAdmission lobby) {
        this.lobby = lobby;
    }

    void snapshot(final HttpServerExchange exchange) {
        final TopicTable topics = lobby.reception(exchange).shard().newestTopics();
        try {
            final TopicQuery selection = lobby.reception(exchange).decoder().images(exchange.getQueryParameters());
            final Channel channel = channel(topics, selection);
            final View view = view(channel, selection);
            final Set<Topic> selected = select(channel, selection.symbols());
            if (version(topics, selected, view).isHeldBy(exchange)) {
                return;
            }
            final MessageBuffer body = new MessageBuffer(64 + ENTRY_BYTES * selected.size());
            body.put("{\"epoch\":").put(topics.epoch()).put(",\"p\":").put(topics.position()).put(",\"data\":[");
            boolean isFirst = true;
            for (final Topic topic : selected) {
                if (topic.hasValue()) {
                    if (!isFirst) {
                        body.put(',');
                    }
                    isFirst = false;
                    topic.appendEntry(body, topics.state(topic), view);
                }
            }
            GzipResponse.json(exchange, body.put("]}"));
        } catch (final RequestException e) {
            HttpResponse.refusal(exchange, e);
        }
    }

    void symbols(final HttpServerExchange exchange) {
        final TopicTable topics = lobby.reception(exchange).shard().newestTopics();
        try {
            final TopicQuery selection = lobby.reception(exchange).decoder().names(exchange.getQueryParameters());
            final Channel channel = channel(topics, selection);
            final Set<Topic> selected = select(channel, selection.symbols());
            // symbols come and never go: their number tells which
            if (new EntityTag(topics.epoch() + "-" + selected.stream().filter(Topic::hasValue).count())
                    .isHeldBy(exchange)) {
                return;
            }
            final MessageBuffer body = new MessageBuffer(64 + 16 * selected.size());
            body.put("{\"channel\":").putString(channel.name()).put(",\"symbols\":[");
            boolean isFirst = true;
            for (final Topic topic : selected) {
                if (topic.hasValue()) {
                    if (!isFirst) {
                        body.put(',');
                    }
                    isFirst = false;
                    body.putString(topic.symbol());
                }
            }
            GzipResponse.json(exchange, body.put("]}"));
        } catch (final RequestException e) {
            HttpResponse.refusal(exchange, e);
        }
    }

    /**
     * The epoch, the position of the newest value, what each is worth, which changes without a new one, and what is
     * shown of it.
     */
    private static EntityTag version(final TopicTable topics, final Set<Topic> selected, final View view) {
        long newest = 0;
        long states = 0;
        for (final Topic topic : selected) {
            if (topic.hasValue()) {
                newest = Math.max(newest, topic.p());
                states = states * 31 + String.valueOf(topics.state(topic)).hashCode();
            }
        }
        final String tag = topics.epoch() + "-" + newest + "-" + Long.toUnsignedString(states, 36);
        return new EntityTag(view.isFull() ? tag : tag + "-" + Long.toUnsignedString(mixed(view), 36));
    }

    /** A number of a view that no other is likely to have. */
    private static long mixed(final View view) {
        long mixed = view.depth();
        for (final String field : view.fields()) {
            for (int i = 0; i < field.length(); i++) {
                mixed = (mixed + field.charAt(i) + 1) * 0x9e3779b97f4a7c15L;
            }
            mixed = (mixed ^ mixed >>> 32) * 0x9e3779b97f4a7c15L;
        }
        return mixed;
    }

    /** Books have a depth, everything else has fields. */
    private static View view(final Channel channel, final TopicQuery selection) throws RequestException {
        final boolean isBook = channel.conflation().equals(BOOK);
        if (isBook && !selection.fields().isEmpty()) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/fields",
                "channel " + channel.name() + " is a book, of which fields mean nothing: leave it out, or say depth",
                null);
        }
        if (!isBook && selection.depth() > 0) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/depth",
                "channel " + channel.name() + " is of class " + channel.conflation() + ", and depth belongs to " + BOOK
                    + ": leave it out", null);
        }
        return new View(selection.fields(), false, selection.depth());
    }

    /** The refusal of a channel that the feed does not have, with those that it has. */
    static RequestException unknownChannel(final TopicTable topics) {
        final List<String> names = topics.channels().stream().map(Channel::name).toList();
        return new RequestException(ErrorCode.UNKNOWN_CHANNEL, "/channel",
            "the feed has no such channel, it has " + String.join(", ", names), null);
    }

    /** The refusal of a channel whose payloads are changes: bare, nobody could put them together. */
    static RequestException notWhole(final Channel channel) {
        return new RequestException(ErrorCode.BAD_FIELD, "/channel", "channel " + channel.name() + " is of class "
            + channel.conflation()
            + ": its payloads make no sense one by one. Take it from /v1/ws; /v1/raw has the channels of class "
            + "last-value and event", null);
    }

    private static Channel channel(final TopicTable topics, final TopicQuery selection) throws RequestException {
        final Channel channel = topics.channel(selection.channel());
        if (channel == null) {
            throw unknownChannel(topics);
        }
        return channel;
    }

    /** Each topic once, in the order asked for. */
    private static Set<Topic> select(final Channel channel, final List<SymbolPattern> patterns)
            throws RequestException {
        final Set<Topic> selected = new LinkedHashSet<>();
        long comparisons = 0;
        for (final SymbolPattern pattern : patterns) {
            if (pattern.isExact()) {
                final Topic topic = channel.topic(pattern.text());
                if (topic != null) {
                    selected.add(topic);
                }
            } else {
                comparisons += channel.topics().size();
                if (comparisons > MAX_COMPARISONS) {
                    throw new RequestException(ErrorCode.TOO_MANY_SYMBOLS, null,
                        "too many patterns for so many symbols: ask in parts", null);
                }
                addMatching(selected, channel, pattern);
            }
        }
        return selected;
    }

    private static void addMatching(final Set<Topic> selected, final Channel channel, final SymbolPattern pattern) {
        for (final Topic topic : channel.topics()) {
            if (pattern.matches(topic.symbol())) {
                selected.add(topic);
            }
        }
    }
}
