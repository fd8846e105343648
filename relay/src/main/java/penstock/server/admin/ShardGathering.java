package penstock.server.admin;

import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import penstock.fanout.Shard;
import penstock.fanout.SlicedWork;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContext;
import penstock.server.IoThreadContexts;

/**
 * Asks every shard the same for one request: each on its own io thread, in slices, beside its sessions. When the last
 * one is done, the answer is sent on the io thread of the request.
 *
 * <p>Begun on the io thread of the request; each question belongs to the io thread of its shard until it is done.
 */
public final class ShardGathering<T extends SlicedWork.Task> {
    private final HttpServerExchange exchange;
    private final IoThreadContext asking;
    private final Consumer<Answer<T>> whenDone;
    private final List<T> questions = new ArrayList<>();
    private final AtomicInteger left;
    private volatile boolean hasFailed;

    /**
     * What the shards say.
     *
     * @param exchange the request, which is to be answered
     * @param shards   what was asked of each
     */
    public record Answer<T>(HttpServerExchange exchange, List<T> shards) {
    }

    private ShardGathering(final HttpServerExchange exchange, final IoThreadContexts contexts,
            final Consumer<Answer<T>> whenDone) {
        this.exchange = exchange;
        this.whenDone = whenDone;
        asking = contexts.of(exchange);
        left = new AtomicInteger(contexts.all().size());
    }

    /** Asks {@code question} of each shard, then passes all to {@code whenDone}. */
    public static <T extends SlicedWork.Task> void begin(final HttpServerExchange exchange,
            final IoThreadContexts contexts, final Function<Shard, T> question, final Consumer<Answer<T>> whenDone) {
        final ShardGathering<T> gathering = new ShardGathering<>(exchange, contexts, whenDone);
        exchange.dispatch(exchange.getIoThread(),
            () -> contexts.all().forEach(context -> context.execute(() -> gathering.ask(context, question))));
    }

    private void ask(final IoThreadContext context, final Function<Shard, T> question) {
        final T asked = question.apply(context.shard());
        synchronized (questions) {
            questions.add(asked);
        }
        context.work().addLater(new SlicedWork.Task() {
            @Override
            public boolean advance(final SlicedWork.Slice slice) {
                final boolean isDone = asked.advance(slice);
                if (isDone) {
                    onDone();
                }
                return isDone;
            }

            @Override
            public void onFailure(final Throwable failure) {
                asked.onFailure(failure);
                hasFailed = true;
                onDone();
            }
        });
    }

    private void onDone() {
        if (left.decrementAndGet() == 0) {
            asking.execute(() -> Connectors.executeRootHandler(this::answer, exchange));
        }
    }

    private void answer(final HttpServerExchange later) {
        if (hasFailed) {
            HttpResponse.error(later, 500, "internal", "the relay failed; see its log");
            return;
        }
        synchronized (questions) {
            whenDone.accept(new Answer<>(later, questions));
        }
    }
}
