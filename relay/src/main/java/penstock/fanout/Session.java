package penstock.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import penstock.telemetry.Counter;
import penstock.topic.FeedStatus;
import penstock.websocket.CloseCode;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;
import penstock.wire.CloseStatus;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * One connection of a subscriber. Its socket is clear or blocked; its subscriptions wait, each in its state, for both
 * their time and the socket. It holds at most one unfinished frame and queues no data. Owned by the shard's io thread.
 */
public final class Session {
    /** How long a peer may take to answer our Close frame. */
    static final long CLOSE_WITHIN_NS = 2_000_000_000L;
    private static final int UNREAD_WAIT_MS = 1_000;
    private static final byte[] TEXT_PONG = MessageBuffer.ascii("pong");

    private enum State { OPEN, CLOSING, CLOSED }

    final int number;
    final List<Subscription> subscriptions = new ArrayList<>(1);
    private final Shard shard;
    private final SessionKind kind;
    private final String id;
    private final String remote;
    private final Transport outbound;
    private final ControlQueue outbox;
    private final byte windowBits;
    private final RequestRateLimiter allowance;
    private final Liveness liveness;
    private State state = State.OPEN;
    private boolean closeWhenSent;
    private long closeDeadlineNs;
    private long toldFeedVersion;
    /** Which subscription comes first in the next write: behind one that had more to send than there was room. */
    int firstToEncode;

    /** {@code windowBits}: of compressed frames, 8 to 15; 0 = permessage-deflate was not agreed. */
    Session(final Shard shard, final int number, final SessionKind kind, final String id, final Transport outbound,
        final String remote,
            final int windowBits) {
        this.shard = shard;
        this.number = number;
        this.kind = kind;
        this.id = id;
        this.remote = remote;
        this.windowBits = (byte) windowBits;
        this.outbound = outbound;
        final long nowNs = shard.nowNs();
        outbox = new ControlQueue(outbound, shard.counters(), kind == SessionKind.EVENTS, nowNs);
        allowance = new RequestRateLimiter(shard.settings().limits().requestsPerSecond(), nowNs);
        liveness = new Liveness(shard.settings(), kind != SessionKind.EVENTS, nowNs);
        toldFeedVersion = shard.topics().feed().version();
        if (kind == SessionKind.EVENTS) {
            outbox.beginEvents(number);
        }
    }

    /** Name of the session, as the welcome tells it. */
    public String id() {
        return id;
    }

    /** The peer's address. */
    public String remote() {
        return remote;
    }

    /** What it is sent. */
    public SessionKind kind() {
        return kind;
    }

    /** Whether it is neither closing nor closed. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether its frames may be compressed. */
    boolean deflates() {
        return windowBits > 0;
    }

    int windowBits() {
        return windowBits;
    }

    /** A request, decoded. */
    public void onRequest(final Request request) {
        if (!isOpen() || !isAllowed(request.id()) || !hasRoomForAnswer(request.id())) {
            return;
        }
        shard.counters().increment(Counter.REQUESTS);
        try {
            shard.desk().handle(this, request);
            allowance.onGoodRequest();
        } catch (final RequestException e) {
            refuse(e);
        }
    }

    /** A request that could not be decoded. */
    public void onRequestRefused(final RequestException refusal) {
        if (isOpen() && isAllowed(refusal.id())) {
            shard.counters().increment(Counter.REQUESTS);
            refuse(refusal);
        }
    }

    /** The bare text frame {@code ping}. */
    public void onTextPing() {
        if (isOpen() && isAllowed(null)) {
            sayFrame(Opcode.TEXT, TEXT_PONG, 0, TEXT_PONG.length);
        }
    }

    /** A WebSocket ping: its payload goes back. */
    public void onPing(final byte[] payload, final int offset, final int length) {
        if (isOpen() && isAllowed(null)) {
            sayFrame(Opcode.PONG, payload, offset, length);
        }
    }

    /** A WebSocket pong. */
    public void onPong() {
        liveness.onAlive(shard.nowNs());
    }

    /** The peer's Close frame: answered once, then the connection ends. */
    public void onCloseFrame(final int code, final String reason) {
        if (state == State.CLOSING) {
            closeWhenSent = true;
            if (outbox.isEmpty()) {
                end();
            }
        } else if (isOpen()) {
            close(code == CloseCode.NO_CODE ? CloseCode.NORMAL : code, "");
            closeWhenSent = true;
        }
    }

    /**
     * The socket takes bytes again: the unfinished frame goes on; what is owed follows in the shard's turn, in its
     * slices.
     */
    public void onWritable() {
        if (state == State.CLOSED || !outbox.isBlocked()) {
            outbound.suspendWrites();
            return;
        }
        final long nowNs = shard.nowNs();
        try {
            if (!outbox.finish(shard.frames().scratch(), nowNs)) {
                return;
            }
        } catch (final IOException e) {
            end();
            return;
        }
        liveness.onAlive(nowNs);
        for (final Subscription subscription : subscriptions) {
            if (subscription.state == Subscription.State.WAITING) {
                shard.dues().due(subscription);
            }
        }
        shard.tell(this);
    }

    /** The connection is gone. */
    public void onDisconnected() {
        end();
    }

    /**
     * Ends the session with a Close frame; the connection follows when the peer has answered, after 2 s at the latest.
     */
    public void close(final int code, final String reason) {
        if (isOpen()) {
            state = State.CLOSING;
            closeDeadlineNs = shard.nowNs() + CLOSE_WITHIN_NS;
            shard.desk().endAll(this);
            if (kind == SessionKind.EVENTS) {
                closeEvents(code, reason);
                return;
            }
            final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + 125);
            FrameWriter.putClose(frame, code, reason);
            final int header = FrameWriter.headerBytes(125);
            sayFrame(Opcode.CLOSE, frame.array(), header, frame.position() - header);
        }
    }

    /** The same, with a close code of the protocol. */
    public void close(final CloseStatus status) {
        close(status.code(), status.reason());
    }

    /** Queues a message; it goes out with the next flush of this turn. */
    void say(final MessageBuffer message) {
        sayFrame(Opcode.TEXT, message.bytes(), 0, message.length());
    }

    /** Adds a message to the write that is about to be built. */
    void addToWrite(final MessageBuffer message) {
        outbox.add(Opcode.TEXT, message.bytes(), 0, message.length());
    }

    /**
     * Whether that write has so many messages that more wait for the next: what a slow socket leaves of it is kept for
     * it.
     */
    boolean hasFullWrite() {
        return outbox.hasTooMuchControl();
    }

    /** Where a message for it ends. */
    int messageBytes() {
        return outbox.messageBytes();
    }

    /** Sends what may be sent now: control frames, then what its due subscriptions are owed, in one write. */
    void flush(final long nowNs) {
        if (state == State.CLOSED) {
            return;
        }
        if (outbox.isBlocked()) {
            shard.dues().waitForSocket(this);
            return;
        }
        tellFeedState();
        shard.delivery().closeOverflown(this);
        final boolean toldAll = shard.states().tell(this);
        final FrameBuilder frames = shard.frames();
        frames.begin(outbox.writeBytes());
        if (outbox.hasControl()) {
            frames.putControl(outbox.control());
        }
        if (toldAll) {
            shard.delivery().encode(this, nowNs);
        }
        final ByteBuffer write = frames.flip();
        final int size = write.remaining();
        if (size > 0) {
            try {
                final int written = outbox.write(write, nowNs);
                outbox.controlHandedOver();
                shard.delivery().commit(written, nowNs);
                if (written < size) {
                    outbox.block(frames.unfinished(written), nowNs);
                }
            } catch (final IOException e) {
                end();
                return;
            }
        }
        if (toldAll) {
            shard.delivery().settle(this, nowNs, outbox.isBlocked());
        } else if (outbox.isBlocked()) {
            shard.dues().waitForSocket(this);
        } else {
            shard.tell(this);
        }
        if (closeWhenSent && outbox.isEmpty()) {
            end();
        }
    }

    /** What is left of the write that the socket took in part. For tests. */
    byte[] unfinished() {
        return outbox.unfinished();
    }

    /** Looks after the session about four times a second: silence, dead peers, overdue closes. */
    void housekeep(final long nowNs) {
        if (state == State.CLOSING && nowNs - closeDeadlineNs > 0) {
            end();
        } else if (isOpen()) {
            switch (liveness.check(nowNs, outbox)) {
                case PING -> sayFrame(Opcode.PING, TEXT_PONG, 0, 0);
                case HEARTBEAT -> heartbeat(nowNs);
                case DEAD -> {
                    shard.counters().increment(Counter.SESSIONS_TIMED_OUT);
                    close(CloseStatus.NO_PONG);
                }
                case BLOCKED_TOO_LONG -> {
                    shard.counters().increment(Counter.SESSIONS_TIMED_OUT);
                    end();
                }
                default -> { }
            }
            if (isOpen() && toldFeedVersion != shard.topics().feed().version()) {
                shard.tell(this);
            }
        }
    }

    private void heartbeat(final long nowNs) {
        if (kind.hasMessages()) {
            final MessageBuffer message = shard.message();
            MessageEncoder.heartbeat(message, shard.epochUs(nowNs), Shard.stateName(shard.topics().feed()),
                shard.topics().position());
            say(message);
        }
    }

    private void tellFeedState() {
        final FeedStatus feed = shard.topics().feed();
        if (toldFeedVersion != feed.version()) {
            toldFeedVersion = feed.version();
            if (kind.hasMessages() && isOpen()) {
                final MessageBuffer message = shard.message();
                MessageEncoder.feedStatus(message, Shard.stateName(feed), feed.reason(), feed.sinceUs(),
                    feed.retryInMs());
                addToWrite(message);
            }
        }
    }

    private boolean isAllowed(final String requestId) {
        final long nowNs = shard.nowNs();
        liveness.onAlive(nowNs);
        final long waitMs = allowance.waitMs(nowNs);
        if (waitMs > 0) {
            shard.counters().increment(Counter.REQUESTS_LIMITED);
            if (allowance.isFlooding()) {
                close(CloseStatus.FLOODING);
            } else {
                sayRefusal(allowance.refusal(requestId, waitMs));
            }
        }
        return waitMs == 0;
    }

    /**
     * Who does not read its answers is asked to, instead of answered: an answer may be large, and many requests come in
     * one read.
     */
    private boolean hasRoomForAnswer(final String requestId) {
        if (outbox.hasTooMuchControl() && !outbox.isBlocked()) {
            flush(shard.nowNs());
            if (state != State.CLOSED) {
                shard.tell(this);
            }
        }
        if (isOpen() && outbox.hasTooMuchControl()) {
            shard.counters().increment(Counter.REQUESTS_LIMITED);
            sayRefusal(RequestException.rateLimited("64 KiB of answers wait to be read", requestId, UNREAD_WAIT_MS));
            return false;
        }
        return isOpen();
    }

    private void refuse(final RequestException refusal) {
        shard.counters().increment(Counter.REQUESTS_REFUSED);
        sayRefusal(refusal);
        if (allowance.onBadRequest()) {
            close(CloseStatus.BAD_REQUESTS);
        }
    }

    private void sayRefusal(final RequestException refusal) {
        if (kind.hasMessages()) {
            final MessageBuffer message = shard.message();
            MessageEncoder.error(message, refusal);
            say(message);
        }
    }

    /** A stream of events has no Close frame and no answer to it: it says why, and ends when that is out. */
    private void closeEvents(final int code, final String reason) {
        if (code != CloseCode.NORMAL) {
            final MessageBuffer message = shard.message();
            MessageEncoder.notice(message, code == CloseStatus.DRAINING.code() ? "info" : "error", "closed: " + code
                + " " + reason,
                shard.epochUs(shard.nowNs()));
            say(message);
        }
        closeWhenSent = true;
        shard.tell(this);
    }

    private void sayFrame(final int opcode, final byte[] payload, final int offset, final int length) {
        outbox.add(opcode, payload, offset, length);
        shard.tell(this);
    }

    private void end() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            shard.desk().endAll(this);
            shard.gone(this);
            outbound.close();
        }
    }
}
