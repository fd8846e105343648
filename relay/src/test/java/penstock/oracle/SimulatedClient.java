package penstock.oracle;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import penstock.fanout.format.WebSocketFormat;
import penstock.server.raw.RawFormat;
import penstock.server.sse.EventStream;
import penstock.wire.CloseStatus;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/**
 * A client in a simulation, by WebSocket, by server-sent events, or raw: connects, subscribes, stops reading, is cut
 * off, and comes back. One thread.
 */
final class SimulatedClient implements SimulatedSocket.Reader, ByteReader.Receiver {
    /** The relay knows by then that a slow reader reads fast again. */
    private static final long RECOVERED_NS = 1_500_000_000L;
    private static final int MOST_SUBSCRIPTIONS = 3;
    private static final int FRAME_BYTES = 1 << 16;
    private static final String PING = "{\"op\":\"ping\"}";
    private static final long BUSY_EVERY_NS = 200_000_000;
    private static final String REPORT = "{\"type\":\"status\",";

    /** How it connects. */
    enum Way { WEB_SOCKET, EVENTS, RAW }

    /** How often it lost its connection. */
    int losses;
    private final Way way;
    private final ClientChecker checker;
    /** Of a raw client. */
    private final RawChecker raw;
    /** It sends a request every {@link #BUSY_EVERY_NS}, whatever else it does: nothing may be put off for as long. */
    private final boolean isBusy;
    /** Of a client whose address has its only request. */
    private final Terms terms;
    private final List<String> symbols;
    private final List<SimulatedSocket.Place> places;
    private final Timeline timeline;
    private final Random random;
    private final Market market;
    /** Null if the relay serves everyone. */
    private final SimulatedAccess access;
    private final SimulatedPrincipal principal;
    private final Verdict verdict;
    private final byte[] scratch = new byte[FRAME_BYTES];
    private SimulatedSocket socket;
    private ByteReader reader;
    /** What the message may show that is being judged; null between two messages. */
    private SimulatedSocket.Sight sight;
    /** The message reports states, and shows no update. */
    private boolean isReport;
    private long change;
    private String lastEventId;
    /** The session has begun. */
    private boolean isBegun;
    /** The relay has said that it ends the connection. */
    private boolean isEnding;
    private boolean isSlow;
    private long slowUntilNs;
    private int names;

    /** {@code access}: null if the relay serves everyone. */
    SimulatedClient(final String name, final List<SimulatedSocket.Place> places, final Random random,
            final Market market, final SimulatedAccess access, final Verdict verdict) {
        this.places = places;
        timeline = places.get(0).timeline();
        this.random = random;
        this.market = market;
        this.access = access;
        this.verdict = verdict;
        principal = access == null ? null : access.any();
        final int drawn = random.nextInt(6);
        way = drawn == 0 ? Way.RAW : drawn == 1 ? Way.EVENTS : Way.WEB_SOCKET;
        isBusy = way == Way.WEB_SOCKET && random.nextInt(3) == 0;
        checker = new ClientChecker(name + " " + way, market, this::maySee, verdict);
        terms = way == Way.RAW ? rawTerms() : Wishes.terms(random);
        symbols = Wishes.symbols(market, random);
        raw = way == Way.RAW ? new RawChecker(market, terms.channel(), symbols, this::maySee, verdict) : null;
    }

    boolean isConnected() {
        return socket != null;
    }

    /** Entries or payloads received. */
    long entries() {
        return raw != null ? raw.payloads() : checker.entries();
    }

    /** Gaps received. */
    long gaps() {
        return checker.gaps();
    }

    /** What it may see: in the message that is judged, or now. */
    private boolean maySee(final MarketTopic topic) {
        if (sight != null) {
            return isReport ? sight.permitsReport(topic) : sight.permits(topic);
        }
        return principal == null || principal.permission.topics(timeline.nowNs()).contains(topic);
    }

    /** Whether it has read all that it was sent, and is no slow reader, nor was one until just now. */
    private boolean isClear() {
        return socket != null && isBegun && !isEnding && socket.isClear() && checker.isAnswered() && !isSlow
            && timeline.nowNs() - slowUntilNs > RECOVERED_NS;
    }

    /** Nothing is shown live that is not, and nothing that the client may not see. */
    void checkFresh(final boolean isSilent, final long nowNs, final long lagNs) {
        if (isClear() && raw == null) {
            checker.checkFresh(isSilent, nowNs, lagNs);
            if (principal != null) {
                checker.checkHidden(topic -> !principal.permission.permits(topic, nowNs - lagNs, nowNs));
            }
        }
    }

    /** All is quiet: it has the newest value of all that it may see and asked for. */
    void checkQuiet() {
        if (raw != null) {
            raw.checkQuiet();
        } else {
            checker.checkQuiet();
            checker.checkHidden(topic -> !maySee(topic));
        }
    }

    /** Connects to any shard, and asks for what it had. */
    void connect() {
        isSlow = false;
        isBegun = false;
        isEnding = false;
        socket = new SimulatedSocket(places.get(random.nextInt(places.size())), random, this);
        reader = way == Way.EVENTS ? new EventReader(this) : new FrameReader(this, scratch);
        final Request first = way == Way.WEB_SOCKET ? null : query();
        if (way == Way.EVENTS) {
            checker.subscribeByQuery(terms, symbols);
        }
        final var format = switch (way) {
            case WEB_SOCKET -> WebSocketFormat.PLAIN;
            case EVENTS -> new EventStream();
            case RAW -> new RawFormat(WebSocketFormat.PLAIN);
        };
        if (access == null) {
            socket.open(format, first);
        } else {
            socket.open(format, first, access, principal, access.token(principal));
        }
        if (way == Way.WEB_SOCKET) {
            checker.comeBack(random.nextInt(4) > 0).forEach(socket::send);
        }
        if (isBusy) {
            pingFrom(socket);
        }
    }

    private void pingFrom(final SimulatedSocket from) {
        if (socket == from) {
            from.send(PING);
            places.get(0).world().executeAfter(() -> pingFrom(from), BUSY_EVERY_NS);
        }
    }

    private Request query() {
        final Map<String, List<String>> query = new LinkedHashMap<>(terms.query());
        query.put("symbols", symbols);
        try {
            final Request.Subscribe request = SimulatedSocket.DECODER.fromQuery(query);
            if (way == Way.RAW || lastEventId == null || random.nextInt(4) == 0) {
                return request;
            }
            final String[] id = lastEventId.split("-");
            return request.resuming(new Resume(Long.parseLong(id[0]), Long.parseLong(id[1])));
        } catch (final RequestException e) {
            throw new AssertionError(e);
        }
    }

    /** Loses its connection at any byte. */
    void cut() {
        socket.cut(random.nextInt(4) == 0);
        onEnd();
    }

    @Override
    public void onEnd() {
        losses++;
        reader.stop();
        socket = null;
        checker.onLost();
        if (raw != null) {
            raw.onLost();
        }
    }

    /** Something at random. */
    void act() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> subscribe();
            case 3 -> unsubscribe();
            case 4 -> {
                isSlow = true;
                socket.pause();
            }
            case 5 -> {
                isSlow = true;
                socket.readAt(50 + random.nextInt(1_000));
            }
            case 6 -> cut();
            case 7 -> authenticate();
            default -> readAll();
        }
    }

    void readAll() {
        slowUntilNs = isSlow ? timeline.nowNs() : slowUntilNs;
        isSlow = false;
        socket.readAt(Integer.MAX_VALUE);
    }

    /** Subscribes if it has nothing. */
    void subscribeIfIdle() {
        if (checker.subscriptions().isEmpty()) {
            subscribe();
        }
    }

    /** Subscribes, unless it has enough. */
    private void subscribe() {
        if (way != Way.WEB_SOCKET || !checker.isAnswered() || checker.subscriptions().size() >= MOST_SUBSCRIPTIONS) {
            return;
        }
        // a few names, so that some are used again
        String name = "s" + names++ % (MOST_SUBSCRIPTIONS + 1);
        while (checker.subscriptions().contains(name)) {
            name = "s" + names++ % (MOST_SUBSCRIPTIONS + 1);
        }
        socket.send(checker.subscribe(name, Wishes.terms(random), Wishes.symbols(market, random)));
    }

    /** Payloads that mean something by themselves. */
    private Terms rawTerms() {
        final MarketChannel channel = random.nextBoolean() ? MarketChannel.TRADE : MarketChannel.QUOTE;
        return random.nextBoolean() ? Terms.all(channel) : Terms.conflated(channel, random.nextInt(3) * 20);
    }

    private void unsubscribe() {
        final List<String> present = checker.subscriptions();
        if (way == Way.WEB_SOCKET && checker.isAnswered() && !present.isEmpty()) {
            socket.send(checker.unsubscribe(present.get(random.nextInt(present.size()))));
        }
    }

    /** Shows a new token, unless it would be refused. */
    private void authenticate() {
        if (way == Way.WEB_SOCKET && access != null && checker.isAnswered() && !principal.isWithdrawn) {
            final String token = access.token(principal);
            socket.show(token);
            socket.send(checker.authenticate(token));
        }
    }

    @Override
    public void onBytes(final ByteBuffer bytes) {
        reader.read(bytes);
    }

    @Override
    public void onMessage(final long firstByte, final String text, final String id) {
        lastEventId = id == null ? lastEventId : id;
        isBegun = true;
        sight = socket.sight(firstByte);
        isReport = raw == null && text.startsWith(REPORT);
        if (raw == null) {
            checker.onMessage(text);
        } else {
            if (sight.change() != change) {
                change = sight.change();
                raw.onRightsChanged();
            }
            raw.onPayload(text);
        }
        sight = null;
    }

    @Override
    public void onPing() {
        socket.pong();
    }

    @Override
    public void onClose(final int code) {
        isEnding = true;
        if (code == CloseStatus.UNAUTHENTICATED.code() && !socket.isTokenOver() && !principal.wasWithdrawn) {
            verdict.breach(Invariant.I8, "a session is closed whose client is one");
        }
        // the end of the stream follows
    }

    @Override
    public void onBroken(final String why) {
        verdict.breach(Invariant.I1, "bytes break their format: " + why);
    }
}
