package penstock.fanout;

import java.util.function.Consumer;
import penstock.identity.Identity;
import penstock.topic.TopicTable;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * Finds out whether a session would refuse its first request, before there is the session: some sessions cannot be sent
 * the reason. The channel of the request exists. Owned by the shard's io thread.
 */
public final class FirstRequests {
    private static final SlicedWork.Slice ALL_AT_ONCE = new SlicedWork.Slice() {
        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public boolean mayBegin() {
            return true;
        }
    };

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
    public void check(final Request.Subscribe first, final Identity client) throws RequestException {
        final RequestWork checks = handler.check(first, client);
        try {
            checks.advance(ALL_AT_ONCE);
        } finally {
            checks.end();
        }
    }

    /** In slices; {@code whenDone} receives the refusal, or null if there is none. */
    public void check(final Request.Subscribe first, final Identity client,
            final Consumer<RequestException> whenDone, final Consumer<Throwable> whenFailed) {
        final RequestWork checks;
        try {
            checks = handler.check(first, client);
        } catch (final RequestException e) {
            whenDone.accept(e);
            return;
        }
        work.add(new SlicedWork.Task() {
            @Override
            public boolean advance(final SlicedWork.Slice slice) {
                RequestException refusal = null;
                try {
                    if (!checks.advance(slice) || !slice.mayBegin()) {
                        return false;
                    }
                } catch (final RequestException e) {
                    refusal = e;
                }
                checks.end();
                whenDone.accept(refusal);
                return true;
            }

            @Override
            public void onFailure(final Throwable failure) {
                checks.end();
                whenFailed.accept(failure);
            }
        });
    }
}
