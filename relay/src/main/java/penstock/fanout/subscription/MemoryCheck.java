package penstock.fanout.subscription;

import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.SymbolPattern;

/**
 * Refuses a request whose memory does not fit the limits of the shard, before it changes anything. Owned by the shard's
 * io thread.
 */
final class MemoryCheck {
    private static final int RETRY_AFTER_MS = 5_000;

    private final MemoryShare memory;
    private final Counters counters;
    private final TopicTable topics;

    MemoryCheck(final MemoryShare memory, final Counters counters, final TopicTable topics) {
        this.memory = memory;
        this.counters = counters;
        this.topics = topics;
    }

    /** Checks the names and patterns of a selection for a subscription, null = a new one. */
    void checkNames(final Selection selection, final PendingInterestIndex index, final Subscription existing,
            final String requestId) throws RequestException {
        long bytes = 0;
        for (final SymbolPattern name : selection.unknown()) {
            bytes += existing != null && existing.interest().has(name) ? 0 : index.growth(name.symbol());
        }
        for (final SymbolPattern pattern : selection.patterns()) {
            bytes += existing != null && existing.interest().has(pattern) ? 0 : PendingInterestIndex.growth(pattern);
        }
        check(MemoryUse.NAMES, bytes, "/symbols", requestId);
    }

    /** Checks the view that a subscription, null = a new one, will have of its topics and the selected ones. */
    void checkViews(final Selection selection, final Channel channel, final View view, final Subscription existing,
            final String requestId) throws RequestException {
        if (view.isFull()) {
            return;
        }
        long bytes = channel.views().growth(view);
        for (int i = 0; i < selection.count(); i++) {
            bytes += topics.topic(selection.topics()[i]).viewGrowth(view);
        }
        if (existing != null && !existing.view().equals(view)) {
            for (int slot = 0; slot < existing.topics().slots(); slot++) {
                final int topic = existing.topics().topic(slot);
                bytes += topic == SubscribedTopics.NONE ? 0 : topics.topic(topic).viewGrowth(view);
            }
        }
        check(MemoryUse.VIEWS, bytes, !view.fields().isEmpty() ? "/fields" : view.depth() > 0 ? "/depth" : "/delta",
            requestId);
    }

    /**
     * Checks {@code bytes} more for one use.
     *
     * @param path the field of the request that needs them
     * @throws RequestException if they can never fit, or do not fit now
     */
    void check(final MemoryUse use, final long bytes, final String path, final String requestId)
            throws RequestException {
        if (memory.fits(use, bytes)) {
            return;
        }
        counters.increment(Counter.REQUESTS_OVER_MEMORY);
        if (bytes > memory.limit(use)) {
            throw new RequestException(ErrorCode.MEMORY_LIMIT, path, "this request takes " + bytes
                + " bytes of the relay's memory for " + use.key() + ", which is limited to " + memory.limit(use)
                + ": ask for less", requestId);
        }
        throw RequestException.memoryFull(path, "the relay's memory for " + use.key() + " is full: " + memory.used(use)
            + " of " + memory.limit(use) + " bytes are in use, and this request takes " + bytes, requestId,
            RETRY_AFTER_MS);
    }
}
