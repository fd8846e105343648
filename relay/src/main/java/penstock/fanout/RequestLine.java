package penstock.fanout;

import java.util.ArrayDeque;
import java.util.Deque;
import penstock.audit.Termination;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.memory.MemoryUse;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolList;

/**
 * The requests of a session, in order. Each is handled at once, until one takes long: that one is worked on in slices,
 * and those that come meanwhile wait behind it. When the rights of the client change, its subscriptions follow between
 * two requests, in slices, too. Owned by the shard's io thread.
 */
final class RequestLine implements SlicedWork.Task {
    /** The session. */
    interface Owner {
        /** It is the turn of a request; false if there is no room for the reply, which the session has answered. */
        boolean hasRoomForReply(String requestId);

        /** Queues a message; the caller may reuse the buffer. */
        void send(MessageBuffer message);

        /** A request was handled. */
        void onHandled();

        /** It is the turn of a refusal; {@code isBad} if the client is at fault. */
        void answer(RequestException refusal, boolean isBad);

        /** The subscriptions follow the rights of the client again, see {@link RequestLine#isFollowing}. */
        void onRightsFollowed();

        /** A request failed, or there is no memory for what the client may see by now. */
        void close(Termination by);
    }

    /** Of the requests that wait behind the first one. */
    private static final long MAX_BYTES = 1 << 20;
    private static final int REQUEST_BYTES = 256;
    private static final int WAIT_MS = 1_000;
    /** How long requests wait for the position at which the first one resumes, before its client is to ask again. */
    private static final long AHEAD_NS = 1_000_000_000L;
    private static final int AHEAD_WAIT_MS = 500;
    private static final long MIN_LOOK_MS = 2;
    private static final long MAX_LOOK_MS = 64;

    /** A request, or what is wrong with one. */
    private record Entry(Request request, RequestException refusal, boolean isBad, long bytes) {
    }

    private final Owner session;
    private final SessionSubscriptions subscriptions;
    private final SubscriptionHandler handler;
    /** From a long request to the last one that came since; null in the usual case that nothing waits. */
    private Deque<Entry> entries;
    /** On the request whose turn has come; null between two requests. */
    private RequestWork work;
    /** On the rights of the client; null unless they have changed. */
    private RequestWork rights;
    /** The rights had changed, perhaps for a moment, and the session is not sent data until its turn has come. */
    private boolean isHeld;
    private long bytes;
    /** Since when requests wait for a position; 0 = they do not. */
    private long aheadSinceNs;
    private long lookAgainMs;

    RequestLine(final Owner session, final SessionSubscriptions subscriptions, final SubscriptionHandler handler) {
        this.session = session;
        this.subscriptions = subscriptions;
        this.handler = handler;
    }

    /** A request is handled, now or in its turn. */
    void onRequest(final Request request) {
        if (entries != null) {
            add(request);
        } else if (handler.isAhead(request)) {
            entries = new ArrayDeque<>();
            add(request);
            waitForPosition();
        } else if (handler.cost(subscriptions, request) > RequestCost.LONG) {
            entries = new ArrayDeque<>();
            add(request);
            handler.work().add(this);
        } else if (!advance(request, handler.work().attempt())) {
            // it takes longer than it should
            entries = new ArrayDeque<>();
            final long needed = bytes(request);
            handler.memory().reserve(MemoryUse.NAMES, needed);
            bytes += needed;
            entries.add(new Entry(request, null, false, needed));
            handler.work().add(this);
        } else if (!isFollowing()) {
            onRightsChanged();
        }
    }

    /** The rights of the client have changed: the subscriptions follow before the next request. */
    void onRightsChanged() {
        isHeld = true;
        if (entries == null) {
            entries = new ArrayDeque<>();
            handler.work().addLater(this);
        }
    }

    /** Whether the subscriptions have nothing that the client may not see, and all that it may see and asked for. */
    boolean isFollowing() {
        return rights == null && !subscriptions.session().access().isChanging();
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
        endWork();
        endRights();
        if (entries != null) {
            entries.clear();
            handler.memory().release(MemoryUse.NAMES, bytes);
            bytes = 0;
        }
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        while (true) {
            if (!follow(slice)) {
                return false;
            }
            final Entry first = entries.peek();
            if (first == null) {
                entries = null;
                aheadSinceNs = 0;
                return true;
            }
            final boolean isAhead = first.request() != null && work == null && handler.isAhead(first.request());
            if (isAhead && isPatient()) {
                waitForPosition();
                return true;
            }
            if (isAhead) {
                session.answer(ahead(first.request()), false);
            } else if (first.request() != null && !advance(first.request(), slice)) {
                return false;
            }
            aheadSinceNs = isAhead ? aheadSinceNs : 0;
            // unless the session has ended meanwhile
            if (entries.peek() == first) {
                entries.remove();
                bytes -= first.bytes();
                handler.memory().release(MemoryUse.NAMES, first.bytes());
            }
            if (first.request() == null) {
                session.answer(first.refusal(), first.isBad());
            } else if (slice.isOver() && !(isFollowing() && entries.isEmpty())) {
                return false;
            }
        }
    }

    @Override
    public boolean goesFirst() {
        return work != null && work.isUrgent() || rights != null;
    }

    @Override
    public void onFailure(final Throwable failure) {
        session.close(Termination.FAILED_AT_REQUEST);
    }

    /**
     * Whether the requests go on waiting for the position at which the first one resumes: another relay with the same
     * positions served the client, and was ahead. Everything here is older than what the client has, so it is sent
     * nothing. A client that can send requests is to ask again after a while, so that its other requests are handled.
     */
    private boolean isPatient() {
        return aheadSinceNs == 0 || handler.work().nowNs() - aheadSinceNs < AHEAD_NS
            || !subscriptions.session().takesRequests();
    }

    private void waitForPosition() {
        if (aheadSinceNs == 0) {
            aheadSinceNs = handler.work().nowNs();
            lookAgainMs = MIN_LOOK_MS;
        }
        handler.work().addAfter(this, lookAgainMs);
        lookAgainMs = Math.min(MAX_LOOK_MS, lookAgainMs * 2);
    }

    private static RequestException ahead(final Request request) {
        return RequestException.notReady("/resume/p", "the relay has not reached this position yet: ask again, or "
            + "begin again without resume and take older values", request.id(), AHEAD_WAIT_MS);
    }

    private void add(final Request request) {
        final long needed = bytes(request);
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

    private static long bytes(final Request request) {
        return REQUEST_BYTES + SymbolList.of(SubscriptionHandler.symbols(request)).bytes();
    }

    /** Follows the rights of the client, unless a request is half-way; false if the slice is over before. */
    private boolean follow(final SlicedWork.Slice slice) {
        while (work == null && !isFollowing() && !subscriptions.isEnded()) {
            try {
                rights = rights != null ? rights
                    : handler.follow(subscriptions, () -> session.close(Termination.MEMORY_FULL));
                if (!rights.advance(slice)) {
                    return false;
                }
            } catch (final RequestException e) {
                throw new IllegalStateException("a change of rights is no request", e);
            }
            endRights();
        }
        if (isHeld && work == null && !subscriptions.isEnded()) {
            isHeld = false;
            session.onRightsFollowed();
        }
        return true;
    }

    private void endRights() {
        if (rights != null) {
            final RequestWork ended = rights;
            rights = null;
            ended.end();
        }
    }

    /** Works on a request whose turn has come; false if the slice is over before it is answered. */
    private boolean advance(final Request request, final SlicedWork.Slice slice) {
        try {
            if (work == null) {
                if (!session.hasRoomForReply(request.id())) {
                    return true;
                }
                work = handler.begin(subscriptions, request, session::send);
            }
            if (!work.advance(slice)) {
                return false;
            }
            endWork();
            session.onHandled();
        } catch (final RequestException e) {
            endWork();
            session.answer(e, true);
        } catch (final RuntimeException | Error e) {
            endWork();
            throw e;
        }
        return true;
    }

    private void endWork() {
        if (work != null) {
            final RequestWork ended = work;
            work = null;
            ended.end();
        }
    }
}
