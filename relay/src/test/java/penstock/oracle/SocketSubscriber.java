package penstock.oracle;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import penstock.server.EventClient;
import penstock.testkit.EnvelopeReader;
import penstock.testkit.FrameSocket;
import penstock.testkit.RowsReader;
import penstock.websocket.Opcode;

/**
 * A subscriber over real sockets that comes back whenever its connection is cut, perhaps to another relay: by WebSocket
 * with subscriptions that resume, by server-sent events, or raw. It runs on a thread of its own, and holds the market's
 * monitor while it judges.
 */
final class SocketSubscriber implements Runnable {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String EVENTS = "/v1/sse?channel=stats&symbols=*&interval=20";
    private static final String RAW = "/v1/raw?channel=quote&symbols=*&mode=all";

    /** How it is connected. */
    enum Way {
        WEB_SOCKET, ROWS, BINARY, EVENTS, RAW;

        private boolean hasSubscriptions() {
            return this != EVENTS && this != RAW;
        }

        private String header() {
            return this == ROWS ? "Sec-WebSocket-Protocol: penstock.v1.rows\r\n"
                : this == BINARY ? "Sec-WebSocket-Protocol: penstock.v1.bin\r\n" : "";
        }
    }

    /** Times that it has lost its connection. */
    volatile int losses;
    /** What ended it; null while nothing has. */
    volatile Exception failure;
    private final Way way;
    private final IntUnaryOperator ports;
    private final Market market;
    private final ClientChecker checker;
    private final RawChecker raw;
    private final Random random;
    private volatile FrameSocket socket;
    private volatile boolean isOver;
    /** Of the relay that it is connected to. */
    private int port;
    /** Of the relay that it has subscribed at last, an attempt in vain is none; 0 = of none. */
    private int servedBy;
    private RowsReader rows;
    private EnvelopeReader envelopes;

    /** {@code checker} for messages of the protocol, {@code raw} for payloads. */
    SocketSubscriber(final Way way, final int port, final Market market, final ClientChecker checker,
            final RawChecker raw, final Random random) {
        this(way, before -> port, market, checker, raw, random);
    }

    /** One that changes relays: {@code ports} gives the next port by the one before, at first 0. */
    SocketSubscriber(final Way way, final IntUnaryOperator ports, final Market market, final ClientChecker checker,
            final RawChecker raw, final Random random) {
        this.way = way;
        this.ports = ports;
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
        port = ports.applyAsInt(port);
        if (way == Way.EVENTS) {
            socket = new EventClient(port, EVENTS, 0);
            synchronized (market) {
                checker.subscribeByQuery(Terms.conflated(MarketChannel.STATS, 20), List.of("*"));
            }
            return;
        }
        final FrameSocket opened = new FrameSocket(port, 0);
        socket = opened;
        opened.write(FrameSocket.ascii(FrameSocket.handshake(way == Way.RAW ? RAW : "/v1/ws", KEY)
            .replace("\r\n\r\n", "\r\n" + way.header() + "\r\n")));
        opened.readHead();
        rows = new RowsReader();
        envelopes = new EnvelopeReader();
        if (way.hasSubscriptions()) {
            final List<String> requests;
            synchronized (market) {
                if (servedBy != 0 && servedBy != port) {
                    checker.onMoved();
                }
                servedBy = port;
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
            onText(frame.text());
        } else if (frame.opcode() == Opcode.BINARY && way == Way.BINARY) {
            final String message = envelopes.read(frame.payload());
            synchronized (market) {
                checker.onMessage(message);
            }
        } else {
            throw new EOFException(frame.close());
        }
    }

    private void onText(final String text) throws IOException {
        if (way == Way.BINARY) {
            envelopes.readText(text);
        }
        final String message = way == Way.ROWS ? rows.read(text) : text;
        // the readers have what was announced
        final boolean isAnnounced = way == Way.ROWS && text.startsWith("{\"type\":\"rows\"")
            || way == Way.BINARY && text.startsWith("{\"type\":\"topics\"");
        if (!isAnnounced) {
            List<String> again = List.of();
            synchronized (market) {
                if (way == Way.RAW) {
                    raw.onPayload(message);
                } else {
                    checker.onMessage(message);
                    again = checker.again();
                }
            }
            for (final String request : again) {
                socket.write(FrameSocket.text(request));
            }
        }
    }
}
