package penstock.oracle.relays;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import penstock.fanout.format.WebSocketFormat;
import penstock.oracle.ByteReader;
import penstock.oracle.ClientChecker;
import penstock.oracle.FrameReader;
import penstock.oracle.Invariant;
import penstock.oracle.SimulatedSocket;
import penstock.oracle.Verdict;
import penstock.oracle.Wishes;

/** A client that goes from relay to relay, and resumes there what it had. One thread. */
final class HoppingClient implements SimulatedSocket.Reader, ByteReader.Receiver, Network.Connection {
    private static final int MOST_SUBSCRIPTIONS = 3;
    private static final long CONNECT_TIMEOUT_NS = 2_000_000_000L;
    private static final long AGAIN_NS = 500_000_000L;

    final ClientChecker checker;
    int losses;
    private final String name;
    private final Network network;
    private final List<String> addresses;
    private final Random random;
    private final SharedVenue venue;
    private final Verdict verdict;
    /** By relay: that of its last welcome. */
    private final Map<SimulatedRelay, Long> epochs = new HashMap<>();
    private SimulatedRelay relay;
    private SimulatedSocket socket;
    private ByteReader reader;
    private int attempts;
    private boolean isConnecting;
    private long connectingNs;
    private int names;

    /** {@code addresses}: of relays with the same data. */
    HoppingClient(final String name, final Network network, final List<String> addresses, final SharedVenue venue,
            final Verdict verdict) {
        this.name = name;
        this.network = network;
        this.addresses = addresses;
        this.venue = venue;
        this.verdict = verdict;
        random = network.random;
        checker = new ClientChecker(name, venue.market, topic -> true, verdict);
    }

    @Override
    public String near() {
        return name;
    }

    @Override
    public SimulatedRelay far() {
        return relay;
    }

    boolean isConnected() {
        return socket != null;
    }

    /** To any of the relays, unless an attempt is under way. */
    void connect() {
        if (isConnecting && network.timeline.nowNs() - connectingNs < CONNECT_TIMEOUT_NS) {
            return;
        }
        final SimulatedRelay next = network.at(addresses.get(random.nextInt(addresses.size())));
        if (!next.process.isDead()) {
            isConnecting = true;
            connectingNs = network.timeline.nowNs();
            final int attempt = ++attempts;
            final SimulatedSocket.Place place = next.anyPlace();
            network.world.executeAfter(() -> place.thread().execute(() -> accept(next, place, attempt)),
                network.latencyNs());
        }
    }

    /** On the io thread of the relay. */
    private void accept(final SimulatedRelay next, final SimulatedSocket.Place place, final int attempt) {
        if (attempt != attempts || !isConnecting) {
            return;
        }
        isConnecting = false;
        if (next.admits(place, false)) {
            // one that stood still may have shown newer values than the one that took over from it
            if (next != relay || venue.besidePaused > 0) {
                checker.onMoved();
            }
            relay = next;
            socket = new SimulatedSocket(place, random, this);
            reader = new FrameReader(this, network.scratch);
            network.open(this);
            socket.open(WebSocketFormat.PLAIN, null);
            checker.comeBack(random.nextInt(4) > 0).forEach(socket::send);
        }
    }

    /** Loses its connection at any byte. */
    void cut() {
        reset(random.nextInt(4) == 0);
    }

    @Override
    public void reset(final boolean isSilent) {
        socket.cut(isSilent);
        onEnd();
    }

    @Override
    public void block(final boolean isBlocked) {
        // clients are apart from nobody
    }

    @Override
    public void slow(final int bytes) {
        // they read as they like
    }

    @Override
    public void onEnd() {
        losses++;
        reader.stop();
        network.close(this);
        socket = null;
        checker.onLost();
    }

    /** Something at random. */
    void act() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> subscribe();
            case 3 -> unsubscribe();
            case 4 -> socket.pause();
            case 5 -> socket.readAt(50 + random.nextInt(1_000));
            case 6, 7 -> cut();
            default -> readAll();
        }
    }

    void readAll() {
        socket.readAt(Integer.MAX_VALUE);
    }

    void subscribeIfIdle() {
        if (checker.subscriptions().isEmpty()) {
            subscribe();
        }
    }

    private void subscribe() {
        if (!checker.isAnswered() || checker.subscriptions().size() >= MOST_SUBSCRIPTIONS) {
            return;
        }
        String sub = "s" + names++ % (MOST_SUBSCRIPTIONS + 1);
        while (checker.subscriptions().contains(sub)) {
            sub = "s" + names++ % (MOST_SUBSCRIPTIONS + 1);
        }
        socket.send(checker.subscribe(sub, Wishes.terms(random), Wishes.symbols(venue.market, random)));
    }

    private void unsubscribe() {
        final List<String> present = checker.subscriptions();
        if (checker.isAnswered() && !present.isEmpty()) {
            socket.send(checker.unsubscribe(present.get(random.nextInt(present.size()))));
        }
    }

    @Override
    public void onBytes(final ByteBuffer bytes) {
        reader.read(bytes);
    }

    @Override
    public void onMessage(final long firstByte, final String text, final String id) {
        checker.onMessage(text);
        checker.again().forEach(this::sendLater);
        final long before = epochs.getOrDefault(relay, 0L);
        if (checker.epoch() < before) {
            verdict.breach(Invariant.I10, name + ": " + relay + " has epoch " + checker.epoch() + " after " + before);
        }
        epochs.put(relay, checker.epoch());
    }

    private void sendLater(final String request) {
        final SimulatedSocket before = socket;
        network.world.executeAfter(() -> {
            if (socket == before) {
                socket.send(request);
            }
        }, AGAIN_NS);
    }

    @Override
    public void onPing() {
        socket.pong();
    }

    @Override
    public void onClose(final int code) {
        // it answers, which ends the connection
        final SimulatedSocket ended = socket;
        network.world.execute(() -> {
            if (socket == ended) {
                reset(false);
            }
        });
    }

    @Override
    public void onBroken(final String why) {
        verdict.breach(Invariant.I1, name + ": bytes break their format: " + why);
    }
}
