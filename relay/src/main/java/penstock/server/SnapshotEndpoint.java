package penstock.server;

import io.undertow.server.HttpServerExchange;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import penstock.ring.ConflationClass;
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
 * {@code /v1/snapshot} and {@code /v1/symbols}: the topics of the shard of the request's io thread, in one consistent
 * response.
 *
 * <p>Runs on the io threads.
 */
final class SnapshotEndpoint {
    /** Patterns times topics; takes about 20 ms of the io thread. */
    private static final long MAX_COMPARISONS = 1_000_000;
    private static final int ENTRY_BYTES = 256;

    private final IoThreadContexts contexts;

    SnapshotEndpoint(final IoThreadContexts contexts) {
        this.contexts = contexts;
    }

    void snapshot(final HttpServerExchange exchange) {
        final TopicTable topics = contexts.of(exchange).shard().newestTopics();
        try {
            final TopicQuery query = contexts.of(exchange).decoder().snapshotQuery(exchange.getQueryParameters());
            final Channel channel = channel(topics, query);
            final View view = view(channel, query);
            final Set<Topic> selected = select(channel, query.symbols());
            if (version(topics, channel, selected, view).sendNotModified(exchange)) {
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
            HttpResponse.error(exchange, e);
        }
    }

    void symbols(final HttpServerExchange exchange) {
        final TopicTable topics = contexts.of(exchange).shard().newestTopics();
        try {
            final TopicQuery query = contexts.of(exchange).decoder().symbolsQuery(exchange.getQueryParameters());
            final Channel channel = channel(topics, query);
            final Set<Topic> selected = select(channel, query.symbols());
            // symbols are only added between two that are forgotten, so their number identifies the list
            if (new EntityTag(topics.epoch() + "-" + channel.forgottenP() + "-"
                    + selected.stream().filter(Topic::hasValue).count()).sendNotModified(exchange)) {
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
            HttpResponse.error(exchange, e);
        }
    }

    /**
     * The epoch, the position of the newest value, of the last topic that was forgotten, the state of each topic, which
     * changes without a new value, and the view.
     */
    private static EntityTag version(final TopicTable topics, final Channel channel, final Set<Topic> selected,
            final View view) {
        long newest = 0;
        long states = 0;
        for (final Topic topic : selected) {
            if (topic.hasValue()) {
                newest = Math.max(newest, topic.p());
                states = states * 31 + String.valueOf(topics.state(topic)).hashCode();
            }
        }
        final String tag = topics.epoch() + "-" + channel.forgottenP() + "-" + newest + "-"
            + Long.toUnsignedString(states, 36);
        return new EntityTag(view.isFull() ? tag : tag + "-" + Long.toUnsignedString(hash(view), 36));
    }

    /** A hash of the view. */
    private static long hash(final View view) {
        long hash = view.depth();
        for (final String field : view.fields()) {
            for (int i = 0; i < field.length(); i++) {
                hash = (hash + field.charAt(i) + 1) * 0x9e3779b97f4a7c15L;
            }
            hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        }
        return hash;
    }

    /** Books have a depth, all other channels have fields. */
    private static View view(final Channel channel, final TopicQuery query) throws RequestException {
        final boolean isBook = channel.isBook();
        if (isBook && !query.fields().isEmpty()) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/fields",
                "channel " + channel.name() + " is a book, which has no fields: leave fields out, or use depth",
                null);
        }
        if (!isBook && query.depth() > 0) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/depth",
                "channel " + channel.name() + " is of class " + channel.conflation() + ", and depth belongs to "
                    + ConflationClass.ORDER_BOOK.spelling()
                    + ": leave it out", null);
        }
        return new View(query.fields(), false, query.depth());
    }

    /** The error for an unknown channel; names the channels of the feed. */
    static RequestException unknownChannel(final TopicTable topics) {
        final List<String> names = topics.channels().stream().map(Channel::name).toList();
        return new RequestException(ErrorCode.UNKNOWN_CHANNEL, "/channel",
            "no such channel; the feed has " + String.join(", ", names), null);
    }

    private static Channel channel(final TopicTable topics, final TopicQuery query) throws RequestException {
        final Channel channel = topics.channel(query.channel());
        if (channel == null) {
            throw unknownChannel(topics);
        }
        return channel;
    }

    /** Each topic once, in the order of the query. */
    private static Set<Topic> select(final Channel channel, final List<SymbolPattern> patterns)
            throws RequestException {
        final Set<Topic> selected = new LinkedHashSet<>();
        long comparisons = 0;
        for (final SymbolPattern pattern : patterns) {
            if (pattern.isExact()) {
                final Topic topic = channel.topic(pattern.symbol());
                if (topic != null) {
                    selected.add(topic);
                }
            } else {
                comparisons += channel.topics().size();
                if (comparisons > MAX_COMPARISONS) {
                    throw new RequestException(ErrorCode.TOO_MANY_SYMBOLS, null,
                        "too many patterns for this number of symbols: split the request", null);
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
