package penstock.client;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import penstock.client.SessionState.Phase;
import penstock.client.rows.RowMessage;
import penstock.client.socket.BackOff;
import penstock.client.socket.ClientPlatform;
import penstock.client.socket.ClientTransport;
import penstock.client.socket.LifeSigns;
import penstock.client.socket.SerialLane;
import penstock.client.socket.TokenLife;
import penstock.client.value.JsonWriter;
import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/**
 * The connection to a relay, which is another one from time to time: opened, given up when nothing arrives, opened
 * again after a while. It shows tokens, and knows which request an answer is for.
 *
 * <p>Owned by the client's thread.
 */
final class RelayLink {
    private static final long WATCH_MS = 1_000;
    private static final long TOKEN_PAUSE_MS = 30_000;
    private static final int NORMAL = 1000;
    private static final int REFUSED = 44;
    private static final int UNAUTHORISED = 4401;
    private static final int TOO_MANY = 4429;

    /** What a link reports. */
    interface Events {
        /** The state of the session is another one. */
        void onPhase(Phase phase, int code, String reason, long retryInMs);

        /** The session is lost. An attempt in vain loses nothing. */
        void onLost();

        /** Nothing brings it back. */
        void onFinal();

        /** A message came that answers no request. */
        void onMessage(RelayMessage message);

        /** An update came as rows. */
        void onRows(RowMessage message);

        /** What is held may be torn. */
        void onBadMessage();

        /** Whether the relay gave a sign of life of late is no more as it was. */
        void onFreshness();

        void onError(RefusedException error);
    }

    private final URI address;
    private final ClientOptions options;
    private final ClientPlatform platform;
    private final SerialLane lane;
    private final Events events;
    private final BackOff backOff = new BackOff();
    private final LifeSigns life = new LifeSigns();
    private final RelayMessage message = new RelayMessage();
    private final RowMessage rows = new RowMessage();
    private final Map<Long, Consumer<RelayMessage>> requests = new HashMap<>();
    private ClientTransport.Connection socket;
    private Phase phase = Phase.CONNECTING;
    private long ids;
    /** The connection that counts: what belongs to an earlier one is ignored. */
    private int turn;
    private boolean wasFresh = true;
    private long tickedMs;
    private long earliestMs;
    private long refreshMs = TokenLife.FOR_EVER;
    private Runnable cancelRetry = () -> { };
    private Runnable cancelWatch = () -> { };

    RelayLink(final URI address, final ClientOptions options, final ClientPlatform platform, final SerialLane lane,
            final Events events) {
        this.address = address;
        this.options = options;
        this.platform = platform;
        this.lane = lane;
        this.events = events;
    }

    void begin() {
        tickedMs = platform.nowMs();
        watch();
        open();
    }

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Sends a request, members of an object; {@code onAnswer} runs with what answers it on this connection. */
    void request(final String members, final Consumer<RelayMessage> onAnswer) {
        final String sent = send(members, onAnswer);
        if (sent != null) {
            SerialLane.run(() -> options.listener().onRequest(sent));
        }
    }

    /** What was sent; null if nothing was, as a listener may have closed the client meanwhile. */
    private String send(final String members, final Consumer<RelayMessage> onAnswer) {
        if (socket == null) {
            return null;
        }
        ids++;
        requests.put(ids, onAnswer);
        final String request = "{" + members + ",\"id\":" + ids + "}";
        socket.send(request);
        return request;
    }

    /** The relay has let the client in, and promises a message every so often. */
    void onWelcome(final long promisedMs) {
        phase = Phase.OPEN;
        backOff.reset();
        life.onWelcome(promisedMs);
    }

    /** Ends it for good; the result ends with the connection. */
    CompletionStage<Void> close() {
        if (isClosed()) {
            return CompletableFuture.completedFuture(null);
        }
        final CompletionStage<Void> gone = detach(NORMAL);
        cancelWatch.run();
        events.onLost();
        become(Phase.CLOSED, 0, null, 0);
        return gone;
    }

    // ---- connection

    private void open() {
        turn++;
        final int opened = turn;
        life.onOpening(platform.nowMs());
        become(Phase.CONNECTING, 0, null, 0);
        nextToken().whenComplete((token, fault) -> lane.enter(() -> {
            if (opened != turn) {
                return;
            }
            if (fault == null) {
                socket = options.transport().open(address, options.subprotocols(), new Arrivals(opened, token));
            } else {
                events.onError(RefusedException.ofToken(fault));
                onClose(0, String.valueOf(fault.getMessage()));
            }
        }));
    }

    /** What a connection reports, handed to the client's thread. */
    private final class Arrivals implements ClientTransport.Events, Runnable {
        private final int opened;
        private final String token;
        /** Handed over by the lane. */
        private CharSequence text;
        private Runnable done;

        Arrivals(final int opened, final String token) {
            this.opened = opened;
            this.token = token;
        }

        @Override
        public void onOpen() {
            lane.execute(() -> {
                if (opened == turn && token != null) {
                    show(token);
                }
            });
        }

        @Override
        public void onText(final CharSequence received, final Runnable whenDone) {
            text = received;
            done = whenDone;
            lane.execute(this);
        }

        /** Reads the text that has come; the next one comes after that. */
        @Override
        public void run() {
            try {
                if (opened == turn) {
                    RelayLink.this.onText(text);
                }
            } finally {
                done.run();
            }
        }

        @Override
        public void onClose(final int code, final String reason) {
            lane.execute(() -> {
                if (opened == turn) {
                    RelayLink.this.onClose(code, reason);
                }
            });
        }
    }

    private CompletionStage<Void> detach(final int code) {
        turn++;
        requests.clear();
        refreshMs = TokenLife.FOR_EVER;
        final CompletionStage<Void> gone =
            socket == null ? CompletableFuture.completedFuture(null) : socket.close(code);
        socket = null;
        cancelRetry.run();
        return gone;
    }

    /** The connection is lost, or was refused. */
    private void onClose(final int code, final String reason) {
        final boolean wasOpen = isOpen();
        detach(0);
        // a new token helps, and so does time if the handshake was one too many
        final boolean isFinal = code / 100 == REFUSED && !(code == UNAUTHORISED && wasOpen && options.tokens() != null)
            && !(code == TOO_MANY && !wasOpen);
        phase = isFinal ? Phase.CLOSED : Phase.WAITING;
        if (wasOpen) {
            events.onLost();
        }
        if (isFinal) {
            cancelWatch.run();
            become(Phase.CLOSED, code, reason, 0);
            events.onFinal();
            return;
        }
        final long asksForMs = BackOff.earliestMs(reason);
        final long retryInMs = backOff.nextMs(platform.random(), asksForMs);
        earliestMs = platform.nowMs() + asksForMs;
        cancelRetry = after(retryInMs, this::open);
        become(Phase.WAITING, code, reason, retryInMs);
    }

    private void become(final Phase next, final int code, final String reason, final long retryInMs) {
        phase = next;
        events.onPhase(next, code, reason, retryInMs);
    }

    Runnable after(final long ms, final Runnable task) {
        return platform.after(ms, () -> lane.execute(task));
    }

    // ---- liveness

    /** The machine slept, the network is back, or the user looks again: the connection may be gone unnoticed. */
    void wake() {
        final long nowMs = platform.nowMs();
        if (phase == Phase.WAITING && nowMs >= earliestMs) {
            cancelRetry.run();
            open();
        } else if (phase == Phase.OPEN || phase == Phase.CONNECTING) {
            probe(nowMs);
        }
    }

    /** Asks for a sign of life. */
    private void probe(final long nowMs) {
        if (isOpen()) {
            request("\"op\":\"ping\"", answer -> { });
        }
        life.restart(nowMs);
    }

    /** Whether the relay gave a sign of life of late. */
    boolean isFresh() {
        return isOpen() && life.isRecent(platform.nowMs());
    }

    private void watch() {
        final long nowMs = platform.nowMs();
        final boolean hasSlept = Math.abs(nowMs - tickedMs) > 3 * WATCH_MS;
        tickedMs = nowMs;
        cancelWatch = after(WATCH_MS, this::watch);
        if (phase == Phase.OPEN || phase == Phase.CONNECTING) {
            if (hasSlept) {
                // what came while this slept is still to be read: no silence is proved
                probe(nowMs);
            } else if (life.isOver(nowMs)) {
                onClose(0, "silent");
            }
        }
        freshen();
        if (nowMs >= refreshMs) {
            refresh();
        }
    }

    /** Shows that all is stale, or not any more. */
    private void freshen() {
        final boolean isNowFresh = isFresh();
        if (wasFresh != isNowFresh) {
            wasFresh = isNowFresh;
            events.onFreshness();
        }
    }

    // ---- tokens

    private CompletionStage<String> nextToken() {
        try {
            return options.tokens() == null ? CompletableFuture.completedFuture(null) : options.tokens().next();
        } catch (final RuntimeException fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    private void show(final String token) {
        refreshMs = TokenLife.refreshMs(token, platform.nowMs());
        send("\"op\":\"auth\",\"token\":" + JsonWriter.string(new StringBuilder(), token), answer -> {
            // a relay without authentication refuses it with bad_field
            if (answer.is(Part.TYPE, "error") && !answer.is(Part.CODE, "bad_field")) {
                events.onError(RefusedException.of(answer));
                refreshMs = platform.nowMs() + TOKEN_PAUSE_MS;
            }
        });
    }

    /** A new token for the session that runs. */
    private void refresh() {
        final int asked = turn;
        refreshMs = platform.nowMs() + TOKEN_PAUSE_MS;
        nextToken().whenComplete((token, fault) -> lane.enter(() -> {
            if (fault != null) {
                events.onError(RefusedException.ofToken(fault));
            } else if (asked == turn) {
                show(token);
            }
        }));
    }

    // ---- messages

    private void onText(final CharSequence text) {
        try {
            options.listener().onMessage(text);
        } catch (final RuntimeException fault) {
            SerialLane.report(fault);
        }
        try {
            final boolean isRows = RowMessage.isRows(text);
            if (isRows) {
                rows.open(text);
            } else {
                message.read(text);
            }
            life.onHeard(platform.nowMs());
            if (isRows) {
                events.onRows(rows);
            } else if (message.is(Part.TYPE, "ack") || message.is(Part.TYPE, "error")
                    || message.is(Part.TYPE, "pong")) {
                onAnswer();
            } else {
                events.onMessage(message);
            }
        } catch (final IllegalArgumentException e) {
            // it begins again on another connection
            events.onBadMessage();
            events.onError(new RefusedException(0, "bad_message", "not a message of the protocol: " + e.getMessage()));
            if (isOpen()) {
                backOff.resume();
            }
            onClose(0, "bad_message");
        }
        freshen();
    }

    private void onAnswer() {
        final Consumer<RelayMessage> onAnswer = message.has(Part.ID) ? requests.remove(message.number(Part.ID)) : null;
        for (final String warning : message.texts(Part.WARNINGS)) {
            SerialLane.run(() -> options.listener().onWarning(warning));
        }
        if (onAnswer != null) {
            onAnswer.accept(message);
        } else if (message.is(Part.TYPE, "error")) {
            events.onError(RefusedException.of(message));
        }
    }
}
