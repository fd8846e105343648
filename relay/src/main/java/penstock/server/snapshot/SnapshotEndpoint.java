package penstock.server.snapshot;

import io.undertow.server.HttpServerExchange;
import java.util.IdentityHashMap;
import java.util.Map;
import penstock.fanout.RequestCost;
import penstock.identity.Identity;
import penstock.ring.ConflationClass;
import penstock.server.ClientCheck;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContext;
import penstock.server.IoThreadContexts;
import penstock.server.SessionEndpoint;
import penstock.server.edge.ClientAddress;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.TopicQuery;

/**
 * {@code /v1/snapshot} and {@code /v1/symbols}: the topics of the shard of the request's io thread that the client
 * may see.
 *
 * <p>Runs on the io threads.
 */
public final class SnapshotEndpoint {
    /** A page of an answer that is at hand costs as much as a topic. */
    private static final double BYTES_PER_UNIT = 4_096;

    private final IoThreadContexts contexts;
    private final Map<IoThreadContext, SharedAnswers> answers = new IdentityHashMap<>();

    /** {@code contexts} of the server's io threads. */
    public SnapshotEndpoint(final IoThreadContexts contexts) {
        this.contexts = contexts;
        contexts.all().forEach(context -> answers.put(context, new SharedAnswers(context)));
    }

    /** Sends the images. */
    public void snapshot(final HttpServerExchange exchange) {
        final IoThreadContext context = contexts.of(exchange);
        ClientCheck.identify(exchange, context, (known, client) -> snapshot(known, context, client));
    }

    /** Sends the names. */
    public void symbols(final HttpServerExchange exchange) {
        final IoThreadContext context = contexts.of(exchange);
        ClientCheck.identify(exchange, context, (known, client) -> symbols(known, context, client));
    }

    private void snapshot(final HttpServerExchange exchange, final IoThreadContext context, final Identity client) {
        final TopicTable topics = context.shard().newestTopics();
        try {
            final TopicQuery query = context.decoder().snapshotQuery(exchange.getQueryParameters());
            final Channel channel = channel(topics, query);
            serve(exchange, context, new SharedAnswers.Question(true, query, client.entitlement()), channel,
                new SnapshotForm(channel, view(channel, query)));
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private void symbols(final HttpServerExchange exchange, final IoThreadContext context, final Identity client) {
        final TopicTable topics = context.shard().newestTopics();
        try {
            final TopicQuery query = context.decoder().symbolsQuery(exchange.getQueryParameters());
            final Channel channel = channel(topics, query);
            serve(exchange, context, new SharedAnswers.Question(false, query, client.entitlement()), channel,
                new SymbolsForm(channel));
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private void serve(final HttpServerExchange exchange, final IoThreadContext context,
            final SharedAnswers.Question question, final Channel channel, final AnswerForm form)
            throws RequestException {
        final SharedAnswers shared = answers.get(context);
        final double work = shared.isAtHand(question) ? shared.length(question) / BYTES_PER_UNIT
            : work(channel, question.query());
        context.checkWork(ClientAddress.of(exchange), ClientCheck.client(exchange), work, null);
        shared.serve(exchange, question, channel, form);
    }

    /** A pattern is compared with each topic, and each topic that matches is appended. */
    private static double work(final Channel channel, final TopicQuery query) {
        final double comparisons = RequestCost.comparisons(query.symbols(), channel);
        return comparisons + (comparisons > 0 ? channel.topics().size() : query.symbols().size());
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

    private static Channel channel(final TopicTable topics, final TopicQuery query) throws RequestException {
        if (topics.epoch() == 0) {
            throw new RequestException(ErrorCode.NOT_READY, null,
                "the relay has no connection yet to the relay in front of it: try again in 1 s", null);
        }
        final Channel channel = topics.channel(query.channel());
        if (channel == null) {
            throw SessionEndpoint.unknownChannel(topics, query.channel());
        }
        return channel;
    }
}
