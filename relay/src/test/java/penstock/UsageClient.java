package penstock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import penstock.server.EventClient;
import penstock.testkit.FrameSocket;
import penstock.testkit.ParsedJson;
import penstock.websocket.Opcode;

/** A subscriber that logs each value that it is sent, over any of the endpoints. One thread. */
final class UsageClient implements AutoCloseable {
    /** How it connects. */
    enum Way {
        /** JSON over WebSocket. */
        WS,
        /** The venue's payloads over WebSocket. */
        RAW,
        /** Server-sent events. */
        SSE
    }

    /** A value as it came. */
    record Value(String symbol, boolean isImage, long bid) {
    }

    private final Way way;
    private final FrameSocket socket;
    private final BiConsumer<UsageClient, Value> log;
    private final Map<String, Long> newest = new HashMap<>();
    private String close;

    /** Connects, and returns when it has been answered; each value that comes goes to {@code log}. */
    UsageClient(final UsageRelay relay, final String id, final Way way, final String query,
            final BiConsumer<UsageClient, Value> log) throws IOException {
        this(relay.port(), relay.bearer(id), way, query, log);
    }

    /** One of any relay; {@code bearer} is the header with its key. */
    UsageClient(final int port, final String bearer, final Way way, final String query,
            final BiConsumer<UsageClient, Value> log) throws IOException {
        this.way = way;
        this.log = log;
        final String target = "/v1/" + way.name().toLowerCase(Locale.ROOT) + "?" + query;
        if (way == Way.SSE) {
            socket = new EventClient(port, target, 0, bearer);
            check(((EventClient) socket).head);
        } else {
            socket = new FrameSocket(port, 0);
            socket.write(FrameSocket.handshake(target, "dGhlIHNhbXBsZSBub25jZQ==")
                .replace("\r\n\r\n", "\r\n" + bearer + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            check(socket.readHead());
        }
    }

    /** Reads until this value of a symbol, or a newer one, came. */
    void readUntil(final String symbol, final long bid) throws IOException {
        while (newest.getOrDefault(symbol, 0L) < bid) {
            read();
            if (close != null) {
                throw new IOException("closed: " + close);
            }
        }
    }

    /** Reads until the relay closes it; the code and the reason. */
    String readClose() throws IOException {
        while (close == null) {
            read();
        }
        return close;
    }

    /** Says good-bye, and returns when the relay has answered. */
    void leave() throws IOException {
        if (way == Way.SSE) {
            socket.close();
            return;
        }
        socket.write(FrameSocket.message(Opcode.CLOSE, new byte[] {3, (byte) 0xe8}));
        readClose();
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void read() throws IOException {
        if (way == Way.SSE) {
            final EventClient.Event event = ((EventClient) socket).read();
            if (event == null) {
                close = close == null ? "1006 cut" : close;
            } else if (event.type().equals("closed")) {
                close = event.data();
            } else {
                message(event.data());
            }
            return;
        }
        final FrameSocket.Frame frame = socket.readFrame();
        if (frame.opcode() == Opcode.CLOSE) {
            close = frame.close();
        } else if (frame.opcode() == Opcode.TEXT && way == Way.WS) {
            message(frame.text());
        } else if (frame.opcode() == Opcode.TEXT) {
            final Map<?, ?> quote = ParsedJson.object(ParsedJson.values(frame.text()));
            final String symbol = (String) quote.get("symbol");
            add(new Value(symbol, !newest.containsKey(symbol), (Long) quote.get("bid")));
        }
    }

    private void message(final String text) throws IOException {
        final Map<?, ?> message = ParsedJson.object(ParsedJson.values(text));
        final boolean isImage = "snapshot".equals(message.get("type"));
        if (isImage || "update".equals(message.get("type"))) {
            for (final Object entry : (List<?>) message.get("data")) {
                final Map<?, ?> value = (Map<?, ?>) ((Map<?, ?>) entry).get("v");
                add(new Value((String) ((Map<?, ?>) entry).get("s"), isImage, (Long) value.get("bid")));
            }
        }
    }

    private void add(final Value value) {
        newest.put(value.symbol, value.bid);
        log.accept(this, value);
    }

    private static void check(final String head) throws IOException {
        if (!head.startsWith("HTTP/1.1 101") && !head.startsWith("HTTP/1.1 200")) {
            throw new IOException(head);
        }
    }
}
