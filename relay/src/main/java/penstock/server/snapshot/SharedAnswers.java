package penstock.server.snapshot;

import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import penstock.identity.Entitlement;
import penstock.identity.Identity;
import penstock.server.ClientCheck;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContext;
import penstock.server.auth.ClientAccess;
import penstock.server.auth.ClientDevice;
import penstock.server.body.Gzip;
import penstock.server.edge.ClientAddress;
import penstock.server.pace.PacedDelivery;
import penstock.telemetry.Counter;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.usage.session.ShardUsage;
import penstock.wire.ErrorCode;
import penstock.wire.MessageBuffer;
import penstock.wire.request.TopicQuery;

/**
 * The answers of one io thread. All who ask the same, and may see the same, are sent the same bytes while nothing
 * changes. While things change, those who ask while an answer waits for its turn share it, so that everybody gets a
 * value that is not older than the request, and many who poll cost as much as a few. Answers are kept while nothing
 * changes and there is memory.
 *
 * <p>Owned by the io thread.
 */
final class SharedAnswers {
    private static final int MAX_KEPT = 16;
    private static final int MAX_SCRATCH_BYTES = 1 << 20;
    private static final long RETRY_AFTER_MS = 2_000;

    /** What was asked: answers to equal questions are equal. */
    record Question(boolean isSnapshot, TopicQuery query, Entitlement entitlement) {
    }

    private final IoThreadContext context;
    private final Map<Question, AnswerTask> newest = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<AnswerTask, List<HttpServerExchange>> waiting = new LinkedHashMap<>();
    private final Map<AnswerTask, SharedAnswer> compressed = new LinkedHashMap<>();
    private MessageBuffer scratch = new MessageBuffer(64 * 1024);

    SharedAnswers(final IoThreadContext context) {
        this.context = context;
    }

    /** Whether the answer is there, so that it costs no work. */
    boolean isAtHand(final Question question) {
        final AnswerTask task = newest.get(question);
        return task != null && !waiting.containsKey(task) && task.isFresh();
    }

    /** Bytes of an answer that is at hand. */
    long length(final Question question) {
        return newest.get(question).answer().length();
    }

    /** Sends the answer, now or when it is made. */
    void serve(final HttpServerExchange exchange, final Question question, final Channel channel,
            final AnswerForm form) {
        if (isAtHand(question)) {
            answer(newest.get(question), exchange);
            return;
        }
        exchange.dispatch(exchange.getIoThread(), () -> await(exchange, question, channel, form));
    }

    private void await(final HttpServerExchange exchange, final Question question, final Channel channel,
            final AnswerForm form) {
        AnswerTask task = newest.get(question);
        final boolean isShared = task != null && waiting.containsKey(task) && !task.hasBegun();
        if (!isShared) {
            task = begin(question, channel, form);
        }
        waiting.get(task).add(exchange);
        if (!isShared) {
            // the thread has read the request, with TLS and in a process that is new for a millisecond
            context.work().addLater(task);
        }
    }

    private AnswerTask begin(final Question question, final Channel channel, final AnswerForm form) {
        if (scratch.bytes().length > MAX_SCRATCH_BYTES) {
            scratch = new MessageBuffer(64 * 1024);
        }
        final TopicTable topics = context.shard().topics();
        final AnswerTask task = new AnswerTask(topics, channel, question, form,
            new SharedAnswer(context.memory()), scratch, this::onDone);
        waiting.put(task, new ArrayList<>());
        forget(newest.put(question, task));
        dropOld();
        return task;
    }

    private void onDone(final AnswerTask task) {
        final List<HttpServerExchange> clients = waiting.remove(task);
        // until all of them have it
        task.answer().retain();
        if (!task.isComplete()) {
            newest.values().remove(task);
            task.answer().release();
            // nothing is kept that no client reads
            drop(kept -> true);
        } else if (!newest.containsValue(task)) {
            forget(task);
        }
        dropOld();
        context.work().add(new PacedDelivery<>(clients, client -> {
            if (client.getConnection().isOpen()) {
                Connectors.executeRootHandler(exchange -> answer(task, exchange), client);
            } else {
                client.endExchange();
            }
        }, HttpServerExchange::endExchange, task.answer()::release));
    }

    private void answer(final AnswerTask task, final HttpServerExchange exchange) {
        if (task.isComplete()) {
            if (isFor(task, exchange)) {
                send(task, exchange);
            }
        } else {
            context.counters().increment(Counter.RESPONSES_REFUSED);
            HttpResponse.refuse(exchange, 503, ErrorCode.MEMORY_FULL.code(),
                "answers that other clients have not read yet take all of limits.memory.responses: try again later",
                RETRY_AFTER_MS);
        }
    }

    /** Whether the client may see the answer; if its rights have changed since it asked, it is answered by them. */
    private boolean isFor(final AnswerTask task, final HttpServerExchange exchange) {
        final Identity client = ClientCheck.current(exchange, context);
        final Question asked = task.question();
        final boolean isFor = client != null && client.entitlement().equals(asked.entitlement());
        if (client != null && !isFor) {
            serve(exchange, new Question(asked.isSnapshot(), asked.query(), client.entitlement()), task.channel(),
                task.form());
        }
        return isFor;
    }

    private void send(final AnswerTask task, final HttpServerExchange exchange) {
        noteDenied(task, exchange);
        if (task.tag().sendNotModified(exchange)) {
            return;
        }
        count(task, exchange);
        final boolean wantsGzip = task.answer().length() >= Gzip.MIN_BYTES
            && Gzip.isAccepted(exchange.getRequestHeaders().get(Headers.ACCEPT_ENCODING));
        final SharedAnswer small = compressed.get(task);
        if (wantsGzip && small != null) {
            small.send(exchange, true);
        } else if (wantsGzip) {
            compress(task, exchange);
        } else {
            task.answer().send(exchange, false);
        }
    }

    /** The client does not learn of it. */
    private void noteDenied(final AnswerTask task, final HttpServerExchange exchange) {
        final ShardUsage usage = context.shard().usage();
        if (usage != null) {
            final Identity client = exchange.getAttachment(ClientAccess.IDENTITY);
            task.denials().report((group, symbol) -> usage.onDenied(client, group, symbol));
        }
    }

    /** An answer without a body has no image: 304, or one to HEAD. */
    private void count(final AnswerTask task, final HttpServerExchange exchange) {
        final ShardUsage usage = context.shard().usage();
        if (usage != null && !exchange.getRequestMethod().equals(Methods.HEAD)) {
            usage.onAnswer(exchange.getAttachment(ClientAccess.IDENTITY),
                ClientDevice.of(exchange, ClientAddress.host(ClientAddress.of(exchange))), task.images());
        }
    }

    /** Compressing a large answer takes longer than a slice, so a worker thread does it. */
    private void compress(final AnswerTask task, final HttpServerExchange exchange) {
        final SharedAnswer large = task.answer();
        final SharedAnswer small = new SharedAnswer(context.memory());
        if (!small.reserve(large.length() + Gzip.MAX_OVERHEAD_BYTES)) {
            large.send(exchange, false);
            return;
        }
        large.retain();
        exchange.dispatch(exchange.getConnection().getWorker(), () -> {
            final byte[] bytes = Gzip.compress(large.pieces());
            context.execute(() -> {
                small.add(bytes);
                small.complete();
                large.release();
                if (newest.containsValue(task) && !compressed.containsKey(task)) {
                    small.retain();
                    compressed.put(task, small);
                }
                Connectors.executeRootHandler(back -> {
                    if (isFor(task, back)) {
                        small.send(back, true);
                    }
                }, exchange);
                small.release();
            });
        });
    }

    /** An answer that is not kept any more; its clients go on reading it. */
    private void forget(final AnswerTask task) {
        if (task != null && !waiting.containsKey(task)) {
            task.answer().release();
            final SharedAnswer small = compressed.remove(task);
            if (small != null) {
                small.release();
            }
        }
    }

    /** Keeps what is the same as when it was made, and of that the newest. */
    private void dropOld() {
        drop(task -> !task.isFresh());
        final Iterator<AnswerTask> oldest = newest.values().iterator();
        while (newest.size() > MAX_KEPT && oldest.hasNext()) {
            final AnswerTask task = oldest.next();
            if (!waiting.containsKey(task)) {
                oldest.remove();
                forget(task);
            }
        }
    }

    private void drop(final Predicate<AnswerTask> isDropped) {
        final Iterator<AnswerTask> each = newest.values().iterator();
        while (each.hasNext()) {
            final AnswerTask task = each.next();
            if (!waiting.containsKey(task) && isDropped.test(task)) {
                each.remove();
                forget(task);
            }
        }
    }
}
