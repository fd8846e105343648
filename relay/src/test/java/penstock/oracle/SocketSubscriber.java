package penstock.oracle;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import penstock.server.EventClient;
import penstock.testkit.FrameSocket;
import penstock.websocket.Opcode;

/**
 * A subscriber over real sockets that comes back whenever its connection is cut: by WebSocket with subscriptions that
 * resume, by server-sent events, or raw. It runs on a thread of its own, and holds the market's monitor while it
 * judges.
 */
final class SocketSubscriber implements Runnable {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String EVENTS = "/v1/sse?channel=stats&symbols=*&interval=20";
    private static final String RAW = "/v1/raw?channel=quote&symbols=*&mode=all";

    /** How it is connected. */
    enum Way { WEB_SOCKET, EVENTS, RAW }

    /** Times that it has lost its connection. */
    volatile int losses;
    /** What ended it; null while nothing has. */
    volatile Exception failure;
    private final Way way;
    private final int port;
    private final Market market;
    private final ClientChecker checker;
    private final RawChecker raw;
    private final Random random;
    private volatile FrameSocket socket;
    private volatile boolean isOver;

    /** {@code checker} for messages of the protocol, {@code raw} for payloads. */
    SocketSubscriber(final Way way, final int port, final Market market, final ClientChecker checker,
            final RawChecker raw, final Random random) {
        this.way = way;
        this.port = port;
        this.market = market;
        this.checker = checker;
        this.raw = raw;
        this.random = random;
    }

    /** Cuts the connection. Any thread. */
    void cut() throws IOException {
        final FrameSocket present = socket;
        if (present != null) {
            present.close();
        }
    }

    /** Ends it. Any thread. */
    void end() throws IOException {
        isOver = true;
        cut();
    }

    /** All is quiet. The market's monitor is held. */
    void checkQuiet() {
        if (way == Way.RAW) {
            raw.checkQuiet();
        } else {
            checker.checkQuiet();
        }
    }

    @Override
    public void run() {
        try {
            while (!isOver) {
                try {
                    connect();
                    while (true) {
                        readOne();
                    }
                } catch (final SocketException | EOFException e) {
                    onLost();
                }
            }
        } catch (final IOException | RuntimeException e) {
            failure = e;
        }
    }

    private void onLost() {
        if (!isOver) {
            losses++;
            synchronized (market) {
                checker.onLost();
                raw.onLost();
            }
        }
    }

    private void connect() throws IOException {
        if (way == Way.EVENTS) {
            socket = new EventClient(port, EVENTS, 0);
            synchronized (market) {
                checker.subscribeByQuery(Terms.conflated(MarketChannel.STATS, 20), List.of("*"));
            }
            return;
        }
        final FrameSocket opened = new FrameSocket(port, 0);
        socket = opened;
        opened.write(FrameSocket.handshake(way == Way.RAW ? RAW : "/v1/ws", KEY).getBytes(StandardCharsets.US_ASCII));
        opened.readHead();
        if (way == Way.WEB_SOCKET) {
            final List<String> requests;
            synchronized (market) {
                requests = checker.comeBack(random.nextInt(4) > 0);
            }
            for (final String request : requests) {
                opened.write(FrameSocket.text(request));
            }
        }
    }

    private void readOne() throws IOException {
        if (way == Way.EVENTS) {
            final EventClient.Event event = ((EventClient) socket).read();
            if (event == null) {
                throw new EOFException();
            }
            synchronized (market) {
                checker.onMessage(event.data());
            }
            return;
        }
        final FrameSocket.Frame frame = socket.readFrame();
        if (frame.opcode() == Opcode.PING) {
            socket.write(FrameSocket.message(Opcode.PONG, frame.payload()));
        } else if (frame.opcode() == Opcode.TEXT) {
            synchronized (market) {
                if (way == Way.RAW) {
                    raw.onPayload(frame.text());
                } else {
                    checker.onMessage(frame.text());
                }
            }
        } else {
            throw new EOFException(frame.close());
        }
    }
}
