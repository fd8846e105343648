package penstock.oracle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import penstock.fanout.format.WebSocketFormat;
import penstock.identity.Identity;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.MessageHandler;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/** A client in a simulation: connects, subscribes, stops reading, is cut off, and comes back. One thread. */
final class SimulatedClient implements SimulatedSocket.Reader, MessageHandler {
    private static final int FRAME_BYTES = 1 << 24;
    /** The relay knows by then that a slow reader reads fast again. */
    private static final long RECOVERED_NS = 1_500_000_000L;
    private static final int MOST_SUBSCRIPTIONS = 3;

    /** How often it lost its connection. */
    int losses;
    final ClientChecker checker;
    private final List<SimulatedSocket.Place> places;
    private final Timeline timeline;
    private final Random random;
    private final Market market;
    private final Identity identity;
    private final Verdict verdict;
    private final byte[] scratch = new byte[FRAME_BYTES >> 8];
    private SimulatedSocket socket;
    private FrameParser parser;
    private boolean isSlow;
    private long slowUntilNs;
    private int names;

    SimulatedClient(final ClientChecker checker, final List<SimulatedSocket.Place> places, final Random random,
            final Market market, final Identity identity, final Verdict verdict) {
        this.checker = checker;
        this.places = places;
        timeline = places.get(0).timeline();
        this.random = random;
        this.market = market;
        this.identity = identity;
        this.verdict = verdict;
    }

    boolean isConnected() {
        return socket != null;
    }

    /** Whether it has read all that it was sent, and is no slow reader, nor was one until just now. */
    boolean isClear() {
        return socket != null && socket.isClear() && checker.isAnswered() && !isSlow
            && timeline.nowNs() - slowUntilNs > RECOVERED_NS;
    }

    /** Connects to any shard, and asks for what it had. */
    void connect() {
        isSlow = false;
        socket = new SimulatedSocket(places.get(random.nextInt(places.size())), random, this);
        parser = new FrameParser(Role.CLIENT, new FrameLimits(FRAME_BYTES, FRAME_BYTES, 1), scratch, this);
        socket.open(WebSocketFormat.PLAIN, identity);
        checker.comeBack(random.nextInt(4) > 0).forEach(socket::send);
    }

    /** Loses its connection at any byte. */
    void cut() {
        socket.cut(random.nextInt(4) == 0);
        onEnd();
    }

    @Override
    public void onEnd() {
        losses++;
        parser.stop();
        socket = null;
        checker.onLost();
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
            default -> readAll();
        }
    }

    void readAll() {
        slowUntilNs = isSlow ? timeline.nowNs() : slowUntilNs;
        isSlow = false;
        socket.readAt(Integer.MAX_VALUE);
    }

    /** Subscribes, unless it has enough. */
    void subscribe() {
        if (!checker.isAnswered() || checker.subscriptions().size() >= MOST_SUBSCRIPTIONS) {
            return;
        }
        final List<String> symbols = new ArrayList<>();
        switch (random.nextInt(3)) {
            case 0 -> symbols.add("*");
            case 1 -> symbols.add("S" + random.nextInt(market.symbols()) + "*");
            default -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    final String symbol = "S" + random.nextInt(market.symbols());
                    if (!symbols.contains(symbol)) {
                        symbols.add(symbol);
                    }
                }
            }
        }
        // a few names, so that some are used again
        String name = "s" + names++ % (MOST_SUBSCRIPTIONS + 1);
        while (checker.subscriptions().contains(name)) {
            name = "s" + names++ % (MOST_SUBSCRIPTIONS + 1);
        }
        socket.send(checker.subscribe(name, terms(), symbols));
    }

    private Terms terms() {
        final MarketChannel channel = MarketChannel.values()[random.nextInt(4)];
        final boolean isEvent = channel == MarketChannel.TRADE;
        final boolean isBook = channel == MarketChannel.BOOK;
        final boolean isAll = isEvent || random.nextInt(3) == 0;
        final List<String> fields = isBook || random.nextInt(3) > 0 ? List.of()
            : channel == MarketChannel.STATS ? List.of(MarketTopic.FIELDS[random.nextInt(4)], "n")
            : List.of("n", "x");
        return new Terms(channel, isAll, isAll ? 0 : random.nextInt(3) * 20, fields,
            !isEvent && random.nextInt(3) == 0, isBook && !isAll ? random.nextInt(2) * (1 + random.nextInt(4)) : 0);
    }

    private void unsubscribe() {
        final List<String> names = checker.subscriptions();
        if (checker.isAnswered() && !names.isEmpty()) {
            socket.send(checker.unsubscribe(names.get(random.nextInt(names.size()))));
        }
    }

    @Override
    public void onBytes(final ByteBuffer bytes) {
        try {
            parser.parse(bytes);
        } catch (final ProtocolException e) {
            verdict.breach(Invariant.I1, "a frame breaks RFC 6455: " + e.getMessage());
        }
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        checker.onMessage(new String(buffer, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        verdict.breach(Invariant.I1, "a binary message");
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        socket.pong();
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        verdict.breach(Invariant.I1, "a pong to nothing");
    }

    @Override
    public void onClose(final int code, final String reason) {
        // the end of the stream follows
    }
}
