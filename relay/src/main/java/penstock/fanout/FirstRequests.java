package penstock.fanout;

import java.util.function.Consumer;
import penstock.topic.TopicSearch;
import penstock.topic.TopicTable;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * Finds out whether a session would refuse its first request, before there is the session: some sessions cannot be sent
 * the reason. The channel of the request exists. Owned by the shard's io thread.
 */
public final class FirstRequests {
    private final TopicTable topics;
    private final SubscriptionHandler handler;
    private final SlicedWork work;

    FirstRequests(final TopicTable topics, final SubscriptionHandler handler, final SlicedWork work) {
        this.topics = topics;
        this.handler = handler;
        this.work = work;
    }

    /** Whether it takes so long that it must be done in slices. */
    public boolean isLong(final Request.Subscribe first) {
        return RequestCost.of(first.symbols(), topics.channel(first.channel())) > RequestCost.LONG;
    }

    /** Throws the refusal, if there is one. */
    public void check(final Request.Subscribe first) throws RequestException {
        try (TopicSearch search = handler.search(first)) {
            handler.check(first, search);
        }
    }

    /** In slices; {@code whenDone} receives the refusal, or null if there is none. */
    public void check(final Request.Subscribe first, final Consumer<RequestException> whenDone,
            final Consumer<Throwable> whenFailed) {
        try {
            handler.check(first);
        } catch (final RequestException e) {
            whenDone.accept(e);
            return;
        }
        final TopicSearch search = handler.search(first);
        work.add(new SlicedWork.Task() {
            @Override
            public boolean advance(final SlicedWork.Slice slice) {
                final boolean isDone = search.advance(slice::isOver) && slice.mayBegin();
                if (isDone) {
                    whenDone.accept(refusal(first, search));
                }
                return isDone;
            }

            @Override
            public void onFailure(final Throwable failure) {
                search.close();
                whenFailed.accept(failure);
            }
        });
    }

    private RequestException refusal(final Request.Subscribe first, final TopicSearch search) {
        try (search) {
            handler.check(first, search);
            return null;
        } catch (final RequestException e) {
            return e;
        }
    }
}
