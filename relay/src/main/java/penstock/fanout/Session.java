package penstock.fanout;

import java.io.IOException;
import penstock.audit.SessionRecord;
import penstock.audit.Termination;
import penstock.fanout.frame.ControlQueue;
import penstock.fanout.frame.Transport;
import penstock.fanout.harm.InspectedSession;
import penstock.fanout.subscription.SessionProfile;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.telemetry.Counter;
import penstock.websocket.CloseCode;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * One connection of a subscriber. Its socket is clear or blocked. It has at most one unfinished frame, and queues
 * control messages but no data. Owned by the shard's io thread.
 */
public final class Session implements RequestLine.Owner {
    /** How long a peer may take to answer a Close frame. */
    static final long CLOSE_WITHIN_NS = 2_000_000_000L;
    /** After a violation nothing more is read, so no answer is seen: long enough for the Close frame to arrive. */
    static final long CLOSE_AFTER_VIOLATION_WITHIN_NS = 200_000_000L;
    private static final int UNREAD_WAIT_MS = 1_000;
    private static final byte[] TEXT_PONG = MessageBuffer.ascii("pong");
    private enum State { OPEN, CLOSING, CLOSED }

    private final SessionProfile profile;
    private final SessionContext shared;
    private final SessionListener listener;
    private final SessionRecord record;
    private final Transport transport;
    private final ControlQueue queue;
    private final SessionSubscriptions subscriptions;
    private final RequestRateLimiter rateLimiter;
    private final Liveness liveness;
    private final RequestLine line;
    private State state = State.OPEN;
    /** Why it is closing; null while it is open. */
    private Termination end;
    private boolean closeWhenSent;
    private long closeDeadlineNs;
    /** By feed: the version of its state that the client knows. */
    private long[] notifiedFeedVersions;

    Session(final SessionProfile profile, final SessionContext shared, final SessionListener listener,
            final String id, final Transport transport, final String remote) {
        this.profile = profile;
        this.shared = shared;
        this.listener = listener;
        this.transport = transport;
        final long nowNs = shared.clock().nowNs();
        queue = new ControlQueue(transport, shared.counters(), profile, nowNs);
        subscriptions = new SessionSubscriptions(profile);
        line = new RequestLine(this, subscriptions, shared.handler());
        rateLimiter = new RequestRateLimiter(shared.settings().limits(profile.access().isEdge()),
            profile.access().quota(), nowNs);
        liveness = new Liveness(shared.settings().timeouts(profile), profile, nowNs);
        notifiedFeedVersions = shared.messages().feedVersions();
        record = shared.audit().onOpened(id, profile.endpoint(), profile.access().name(), remote, nowNs);
    }

    /** Whether the session is neither closing nor closed. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    int number() {
        return profile.number();
    }

    /** Handles a request and replies to it: at once, or in slices if it or one before it takes long. */
    public void onRequest(final Request request) {
        assert profile.owner().check();
        checkClient();
        if (isOpen() && isAllowed(request.id())) {
            shared.counters().increment(Counter.REQUESTS);
            line.onRequest(request);
        }
    }

    /** Handles a request that could not be decoded. */
    public void onRequestRejected(final RequestException rejection) {
        assert profile.owner().check();
        if (isOpen() && isAllowed(rejection.id())) {
            shared.counters().increment(Counter.REQUESTS);
            line.onRefusal(rejection, true);
        }
    }

    /** What a client pays for a request of this session: microseconds of work. */
    public double price(final Request request) {
        return shared.handler().price(subscriptions, request);
    }

    /** Answers the bare text frame {@code ping}. */
    public void onTextPing() {
        assert profile.owner().check();
        if (isOpen() && isAllowed(null)) {
            sendFrame(Opcode.TEXT, TEXT_PONG, 0, TEXT_PONG.length);
        }
    }

    /** Answers a WebSocket ping with its payload. */
    public void onPing(final byte[] payload, final int offset, final int length) {
        assert profile.owner().check();
        if (isOpen() && isAllowed(null)) {
            sendFrame(Opcode.PONG, payload, offset, length);
        }
    }

    /** A WebSocket pong: the peer is alive. */
    public void onPong() {
        assert profile.owner().check();
        liveness.onAlive(shared.clock().nowNs());
    }

    /** The peer's Close frame: it is answered once, then the connection ends. */
    public void onCloseFrame(final int code, final String reason) {
        assert profile.owner().check();
        if (state == State.CLOSING) {
            closeWhenSent = true;
            if (queue.isEmpty()) {
                end(end);
            }
        } else if (isOpen()) {
            close(Termination.FINISHED, code == CloseCode.NO_CODE ? CloseCode.NORMAL : code, "");
            closeWhenSent = true;
        }
    }

    /**
     * The socket takes bytes again: the unfinished frame continues; pending data follows in the shard's turn, in
     * slices.
     */
    public void onWritable() {
        assert profile.owner().check();
        if (state == State.CLOSED || !queue.isBlocked()) {
            transport.suspendWrites();
            return;
        }
        final long nowNs = shared.clock().nowNs();
        try {
            if (!shared.writer().finish(queue, nowNs)) {
                return;
            }
        } catch (final IOException e) {
            end(Termination.CLIENT_GONE);
            return;
        }
        liveness.onAlive(nowNs);
        final boolean hasOnlyData = shared.writer().unblock(subscriptions) && isOpen() && queue.isEmpty();
        listener.onPending(profile.number(), !hasOnlyData);
    }

    /** The connection is gone; {@code by}: how, if the session was not closing. */
    public void onDisconnected(final Termination by) {
        assert profile.owner().check();
        end(by);
    }

    /** Closes with a status of the protocol; see {@link #close(Termination, int, String)}. */
    @Override
    public void close(final Termination by) {
        close(by, by.status().code(), by.status().reason());
    }

    /** Ends the session with a Close frame; the connection ends with the answer, after 2 s at the latest. */
    public void close(final Termination by, final int code, final String reason) {
        close(by, code, reason, CLOSE_WITHIN_NS);
    }

    /**
     * The peer violated the protocol and nothing more is read: like {@link #close(Termination, int, String)}, but
     * within 200 ms.
     */
    public void closeAfterViolation(final Termination by, final int code, final String reason) {
        close(by, code, reason, CLOSE_AFTER_VIOLATION_WITHIN_NS);
    }

    private void close(final Termination by, final int code, final String reason, final long withinNs) {
        assert profile.owner().check();
        if (isOpen()) {
            state = State.CLOSING;
            end = by;
            closeDeadlineNs = shared.clock().nowNs() + withinNs;
            listener.onDeadline(profile.number(), closeDeadlineNs);
            endRequests();
            if (profile.frames().isTwoWay()) {
                final byte[] payload = FrameWriter.closePayload(code, reason);
                queue.add(Opcode.CLOSE, payload, 0, payload.length);
            } else {
                // without a Close frame a message gives the reason, and the connection ends behind it
                closeWhenSent = true;
                if (code != CloseCode.NORMAL) {
                    queue.addText(shared.messages().closed(code, reason));
                }
            }
            listener.onPending(profile.number(), true);
        }
    }

    @Override
    public void onHandled() {
        if (isOpen()) {
            rateLimiter.onGoodRequest();
            subscriptions.account();
            listener.onPending(profile.number(), true);
            listener.onDeadline(profile.number(), nextCheckNs(shared.clock().nowNs()));
        }
    }

    @Override
    public void answer(final RequestException refusal, final boolean isBad) {
        if (profile.hasMessages()) {
            send(shared.messages().error(refusal));
        }
        if (isBad) {
            shared.counters().increment(Counter.REQUESTS_REFUSED);
            if (rateLimiter.onBadRequest()) {
                close(Termination.BAD_REQUESTS);
            } else if (!profile.takesRequests()) {
                final Termination by = Termination.ofOnlyRequest(refusal.code());
                close(by, by.status().code(), refusal.reason());
            }
        }
    }

    @Override
    public void onRightsFollowed() {
        profile.followUsage();
        if (!queue.isBlocked()) {
            shared.writer().unblock(subscriptions);
        }
        listener.onPending(profile.number(), true);
    }

    /** Queues a message; it is sent with the next flush of this turn. */
    @Override
    public void send(final MessageBuffer message) {
        sendFrame(Opcode.TEXT, message.bytes(), 0, message.length());
    }

    /** Sends what may be sent now, in one write: control frames, then pending data. Returns the bytes built. */
    int flush(final long nowNs) {
        if (state == State.CLOSED) {
            return 0;
        }
        checkClient();
        if (queue.isBlocked()) {
            shared.writer().block(subscriptions);
            return 0;
        }
        if (profile.hasMessages() && isOpen()) {
            notifiedFeedVersions = shared.messages().addFeedStatuses(queue, subscriptions, notifiedFeedVersions);
        }
        // until the subscriptions follow its rights, the client is sent nothing of them
        final boolean follows = line.isFollowing();
        if (follows && shared.writer().isOverrun(subscriptions)) {
            close(Termination.SLOW);
        }
        final boolean isNotified = follows && shared.status().notify(subscriptions, queue);
        int built = 0;
        try {
            built = shared.writer().write(subscriptions, queue, isNotified, nowNs);
        } catch (final IOException e) {
            end(Termination.CLIENT_GONE);
            return 0;
        }
        if (isNotified) {
            settle(nowNs);
        } else if (queue.isBlocked() || !follows) {
            shared.writer().block(subscriptions);
        } else {
            listener.onPending(profile.number(), true);
        }
        if (closeWhenSent && queue.isEmpty()) {
            end(end);
        }
        return built;
    }

    /** Its parts, for the operator. */
    public InspectedSession inspected() {
        return new InspectedSession(record, profile, queue, subscriptions, end);
    }

    /** Pings, sends a heartbeat, or ends the session, if it is time. */
    void housekeep(final long nowNs) {
        if (state == State.CLOSING) {
            if (nowNs - closeDeadlineNs >= 0) {
                end(end);
            }
            return;
        }
        if (profile.access().isExpired(shared.clock().epochUs(nowNs))) {
            shared.counters().increment(Counter.TOKENS_EXPIRED);
            close(Termination.EXPIRED);
            return;
        }
        switch (liveness.check(nowNs, queue)) {
            case PING -> sendFrame(Opcode.PING, TEXT_PONG, 0, 0);
            case HEARTBEAT -> send(shared.messages().heartbeat(profile, nowNs));
            case DEAD -> {
                shared.counters().increment(Counter.SESSIONS_TIMED_OUT);
                close(Termination.NO_PONG);
            }
            case BLOCKED_TOO_LONG -> {
                shared.counters().increment(Counter.SESSIONS_TIMED_OUT);
                end(Termination.STUCK);
            }
            default -> { }
        }
    }

    /** When {@link #housekeep} has something to do next, at the earliest. */
    long nextCheckNs(final long nowNs) {
        return state == State.CLOSING ? closeDeadlineNs : liveness.nextCheckNs(nowNs, queue);
    }

    /** The credentials of clients may have changed since the session was checked. */
    private void checkClient() {
        if (isOpen() && !shared.handler().clients().isClient(profile.access())) {
            shared.counters().increment(Counter.SESSIONS_REVOKED);
            final boolean isExpired = profile.access().isExpired(shared.clock().epochUs(shared.clock().nowNs()));
            close(isExpired ? Termination.EXPIRED : Termination.WITHDRAWN);
        } else if (isOpen() && !line.isFollowing()) {
            line.onRightsChanged();
        }
    }

    private void settle(final long nowNs) {
        if (shared.writer().settle(subscriptions, nowNs, queue.isBlocked())) {
            shared.handler().endFinished(subscriptions);
            if (!profile.takesRequests()) {
                // the client of such a session cannot send another request
                close(Termination.FINISHED, CloseCode.NORMAL, "");
            }
        }
    }

    private boolean isAllowed(final String requestId) {
        final long nowNs = shared.clock().nowNs();
        liveness.onAlive(nowNs);
        final long waitMs = profile.frames().hasPeer() ? rateLimiter.waitMs(nowNs) : 0;
        if (waitMs > 0) {
            shared.counters().increment(Counter.REQUESTS_LIMITED);
            if (rateLimiter.isFlooding()) {
                close(Termination.QUOTA);
            } else {
                line.onRefusal(rateLimiter.refusal(requestId, waitMs), false);
            }
        }
        return waitMs == 0;
    }

    /** If the client is not reading its replies, reject the request instead of queueing another reply. */
    @Override
    public boolean hasRoomForReply(final String requestId) {
        if (queue.isOverLimit() && !queue.isBlocked()) {
            flush(shared.clock().nowNs());
            if (state != State.CLOSED) {
                listener.onPending(profile.number(), true);
            }
        }
        if (isOpen() && queue.isOverLimit()) {
            shared.counters().increment(Counter.REQUESTS_LIMITED);
            answer(RequestException.rateLimited("64 KiB of replies are unread", requestId, UNREAD_WAIT_MS), false);
            return false;
        }
        return isOpen();
    }

    private void sendFrame(final int opcode, final byte[] payload, final int offset, final int length) {
        queue.add(opcode, payload, offset, length);
        listener.onPending(profile.number(), true);
    }

    private void endRequests() {
        line.end();
        shared.handler().endAll(subscriptions);
        profile.endUsage();
    }

    /** {@code by} counts unless the session was closing for another reason. */
    private void end(final Termination by) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            end = end == null ? by : end;
            endRequests();
            shared.audit().onEnded(record, end, subscriptions.delivered(), queue.bytes(), shared.clock().nowNs());
            listener.onEnded(profile.number());
            transport.close();
        }
    }
}
