package penstock.fanout;

import java.util.ArrayDeque;
import java.util.Deque;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.memory.MemoryUse;
import penstock.topic.TopicSearch;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * The requests of a session, in order. Each is handled at once, until one takes long: that one is worked on in slices,
 * and those that come meanwhile wait behind it. Before a long request changes anything, its topics have been searched;
 * then it is handled in one step, as a short one is. Owned by the shard's io thread.
 */
final class RequestLine implements SlicedWork.Task {
    /** The session. */
    interface Owner {
        /** It is the turn of a request, for which {@code search} looked. */
        void handle(Request request, TopicSearch search) throws RequestException;

        /** It is the turn of a refusal; {@code isBad} if the client is at fault. */
        void answer(RequestException refusal, boolean isBad);

        /** A request failed. */
        void onLineFailed();
    }

    /** Of the requests that wait behind the first one. */
    private static final long MAX_BYTES = 1 << 20;
    private static final int REQUEST_BYTES = 256;
    private static final int WAIT_MS = 1_000;

    /** A request, or what is wrong with one. */
    private record Entry(Request request, RequestException refusal, boolean isBad, long bytes) {
    }

    private final Owner session;
    private final SessionSubscriptions subscriptions;
    private final SubscriptionHandler handler;
    /** From a long request to the last one that came since; null in the usual case that nothing waits. */
    private Deque<Entry> entries;
    /** Of the first entry, once its turn has come. */
    private TopicSearch search;
    private long bytes;

    RequestLine(final Owner session, final SessionSubscriptions subscriptions, final SubscriptionHandler handler) {
        this.session = session;
        this.subscriptions = subscriptions;
        this.handler = handler;
    }

    /** A request is handled, now or in its turn. */
    void onRequest(final Request request) {
        if (entries != null) {
            add(request);
        } else if (handler.cost(subscriptions, request) > RequestCost.LONG) {
            entries = new ArrayDeque<>();
            add(request);
            handler.work().add(this);
        } else {
            try (TopicSearch complete = handler.search(subscriptions, request)) {
                session.handle(request, complete);
            } catch (final RequestException e) {
                session.answer(e, true);
            }
        }
    }

    /** A request is refused, now or in its turn; {@code isBad} if the client is at fault. */
    void onRefusal(final RequestException refusal, final boolean isBad) {
        if (entries != null) {
            entries.add(new Entry(null, refusal, isBad, 0));
        } else {
            session.answer(refusal, isBad);
        }
    }

    /** The session ends: nothing that waits is handled any more. */
    void end() {
        if (entries != null) {
            entries.clear();
            handler.memory().release(MemoryUse.NAMES, bytes);
            bytes = 0;
            endSearch();
        }
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        while (!entries.isEmpty()) {
            if (!take(slice)) {
                return false;
            }
        }
        entries = null;
        return true;
    }

    @Override
    public void onFailure(final Throwable failure) {
        session.onLineFailed();
    }

    private void add(final Request request) {
        long needed = REQUEST_BYTES;
        for (final SymbolPattern symbol : SubscriptionHandler.symbols(request)) {
            needed += symbol.bytes();
        }
        if (!entries.isEmpty() && bytes + needed > MAX_BYTES) {
            onRefusal(RequestException.rateLimited("the requests that wait behind one that takes long are too large",
                request.id(), WAIT_MS), false);
        } else if (!handler.memory().tryReserve(MemoryUse.NAMES, needed)) {
            onRefusal(RequestException.memoryFull("/symbols", "the relay's memory for names is full", request.id(),
                WAIT_MS), true);
        } else {
            bytes += needed;
            entries.add(new Entry(request, null, false, needed));
        }
    }

    /** Handles the first entry; false if the slice is over before. */
    private boolean take(final SlicedWork.Slice slice) {
        final Entry first = entries.peek();
        if (first.request() == null) {
            remove(first);
            session.answer(first.refusal(), first.isBad());
            return true;
        }
        try {
            if (search == null) {
                handler.check(subscriptions, first.request());
                search = handler.search(subscriptions, first.request());
            }
            final boolean isLong = handler.cost(subscriptions, first.request()) > RequestCost.LONG;
            if (!search.advance(slice::isOver) || (isLong ? !slice.mayBegin() : slice.isOver())) {
                return false;
            }
            remove(first);
            session.handle(first.request(), search);
        } catch (final RequestException e) {
            remove(first);
            session.answer(e, true);
        }
        endSearch();
        return true;
    }

    private void remove(final Entry first) {
        if (entries.peek() == first) {
            entries.remove();
            bytes -= first.bytes();
            handler.memory().release(MemoryUse.NAMES, first.bytes());
        }
    }

    private void endSearch() {
        if (search != null) {
            search.close();
            search = null;
        }
    }
}
