package penstock.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import penstock.testkit.ParsedJson;
import penstock.websocket.CloseCode;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.MessageHandler;
import penstock.websocket.Opcode;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * One careful subscriber over a real socket: keeps the newest value of each symbol, checks the ledger, records
 * control messages. Driven by the thread of its {@link SubscriberFleet}; its records may be read from any.
 */
public final class Subscriber implements MessageHandler {
    /** Is shown what a subscriber receives, on the fleet's thread, at once. */
    public interface Watcher {
        /** A whole message. */
        void onMessage(String text);

        /** The same, with the one that received it, which may answer. */
        default void onMessage(final Subscriber from, final String text) {
            onMessage(text);
        }

        /** Whether it judges instead of the subscriber, which then only counts. */
        default boolean isJudge() {
            return true;
        }
    }

    /** What a symbol was last seen to be. */
    public record Seen(long q, byte[] value, boolean stale) {
    }

    public final Map<String, Seen> seen = new ConcurrentHashMap<>();
    public final List<String> breaches = new CopyOnWriteArrayList<>();
    public final List<String> controls = new CopyOnWriteArrayList<>();
    /** Of a channel of books: images and changes in their order. */
    final List<String> changes = new CopyOnWriteArrayList<>();
    public final String path;
    /**
     * When there is one, whole messages are kept here for the test to judge, and nothing is judged by the subscriber.
     */
    volatile Queue<String> transcript;
    private volatile Watcher watcher;
    public volatile boolean isOpen;
    /** Topics may be forgotten while nobody names them: then they begin again without an image. */
    volatile boolean mayBeginAgain;
    public volatile boolean isSnapshotDone;
    public volatile boolean isGone;
    public volatile int closeCode = -1;
    public volatile long closedNs;
    /** How long after its Close frame the relay asks it to stay away. */
    public volatile long retryAfterMs;
    public volatile long updates;
    public volatile long conflated;
    public volatile int gaps;
    /** Reported in gaps and not yet seen to be missing: 0 if the ledger is exact. */
    volatile long unseenGap;
    volatile byte[] lastRaw;
    volatile boolean isPaused;
    SocketChannel channel;
    SelectionKey key;
    private final FrameParser parser;
    private final StringBuilder head = new StringBuilder();
    private final boolean isRaw;
    private long position;

    Subscriber(final String path, final byte[] scratch) {
        this.path = path;
        isRaw = path.startsWith("/v1/raw");
        parser = new FrameParser(Role.CLIENT, new FrameLimits(16 << 20, 16 << 20, 1), scratch, this);
    }

    /** From now on, or from its first message on. */
    public Subscriber watchedBy(final Watcher each) {
        watcher = each;
        return this;
    }

    void connected(final String... headers) throws IOException {
        final StringBuilder more = new StringBuilder();
        for (final String header : headers) {
            more.append(header).append("\r\n");
        }
        final String request = "GET " + path
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + more
            + "Sec-WebSocket-Key: " + Handshake.newKey() + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Sends a request; any thread. */
    public void send(final String text) {
        frame(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void received(final ByteBuffer bytes) throws ProtocolException {
        while (!isOpen && bytes.hasRemaining()) {
            head.append((char) bytes.get());
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                if (!head.toString().startsWith("HTTP/1.1 101")) {
                    throw new AssertionError(head.toString());
                }
                isOpen = true;
            }
        }
        parser.parse(bytes);
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        if (isRaw) {
            lastRaw = Arrays.copyOfRange(buffer, offset, offset + length);
            final String text = new String(lastRaw, StandardCharsets.UTF_8);
            seen.put(rawSymbol(text), new Seen(0, lastRaw, false));
            updates++;
            return;
        }
        if (transcript != null) {
            transcript.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
            return;
        }
        final String type = EntryReader.field(buffer, offset, length, "type");
        if (watcher != null) {
            watcher.onMessage(this, new String(buffer, offset, length, StandardCharsets.UTF_8));
        }
        if (watcher != null && watcher.isJudge()) {
            updates += "update".equals(type) ? 1 : 0;
            isSnapshotDone |= "snapshot".equals(type)
                && "true".equals(EntryReader.field(buffer, offset, length, "last"));
            return;
        }
        if ("update".equals(type)) {
            position(buffer, offset, length);
            EntryReader.read(buffer, offset, length, this::onUpdate);
        } else if ("snapshot".equals(type)) {
            EntryReader.read(buffer, offset, length, this::onImage);
            isSnapshotDone |= "true".equals(EntryReader.field(buffer, offset, length, "last"));
        } else if (!"heartbeat".equals(type)) {
            if ("gap".equals(type)) {
                gaps++;
                unseenGap += Long.parseLong(EntryReader.field(buffer, offset, length, "missed"));
            }
            control(new String(buffer, offset, length, StandardCharsets.UTF_8));
        }
    }

    private void position(final byte[] buffer, final int offset, final int length) {
        final long p = Long.parseLong(EntryReader.field(buffer, offset, length, "p"));
        // 0 voids the position
        if (p > 0 && p < position) {
            breaches.add("p went back from " + position + " to " + p);
        }
        position = p;
    }

    private void onUpdate(final String symbol, final long q, final long c, final boolean stale, final byte[] value) {
        final Seen before = seen.put(symbol, new Seen(q, value, stale));
        value("update ", value);
        if (before != null && q - before.q != c + 1 && !(mayBeginAgain && q == c + 1)) {
            unseenGap -= q - before.q - c - 1;
            if (q <= before.q || unseenGap < 0) {
                breaches.add(symbol + ": q " + before.q + " then " + q + " with c " + c);
            }
        }
        updates++;
        conflated += c;
    }

    private void onImage(final String symbol, final long q, final long c, final boolean stale, final byte[] value) {
        final Seen before = seen.put(symbol, new Seen(q, value, stale));
        value("image ", value);
        if (before != null && q < before.q) {
            breaches.add(symbol + ": image q " + q + " after q " + before.q);
        }
    }

    private void control(final String text) {
        final boolean isDenied = text.contains("\"state\":\"denied\"");
        if (isDenied || text.contains("\"not_subscribed\"")) {
            // discarded: a topic that is forgotten begins with 1, one that may be seen again where it is
            for (final Object symbol : ParsedJson.list(ParsedJson.object(ParsedJson.values(text)).get("symbols"))) {
                seen.computeIfPresent(symbol.toString(),
                    (name, before) -> isDenied ? null : new Seen(0, before.value, true));
            }
        }
        controls.add(text);
    }

    private void value(final String kind, final byte[] value) {
        if (path.contains("channel=book")) {
            changes.add(kind + new String(value, StandardCharsets.UTF_8));
        }
    }

    private static String rawSymbol(final String text) {
        final int s = Math.max(text.indexOf("\"s\":\""), text.indexOf("\"symbol\":\""));
        final int start = text.indexOf(":\"", s) + 2;
        return text.substring(start, text.indexOf('"', start));
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        breaches.add("a binary frame");
    }

    @Override
    public void onPing(final byte[] buffer, final int offset, final int length) {
        frame(Opcode.PONG, Arrays.copyOfRange(buffer, offset, offset + length));
    }

    @Override
    public void onPong(final byte[] buffer, final int offset, final int length) {
        control("pong");
    }

    @Override
    public void onClose(final int code, final String reason) {
        closedNs = System.nanoTime();
        retryAfterMs = reason.matches("retryAfter=\\d{1,9}") ? Long.parseLong(reason.substring(reason.indexOf('=') + 1))
            : 0;
        closeCode = code;
        control("close " + code + " " + reason);
        frame(Opcode.CLOSE, code == CloseCode.NO_CODE ? new byte[0] : new byte[] {(byte) (code >> 8), (byte) code});
    }

    private synchronized void frame(final int opcode, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + payload.length);
        FrameWriter.putMaskedFrame(frame, opcode, payload, 0, payload.length, 0x12345678);
        frame.flip();
        try {
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (final IOException e) {
            isGone = true;
        }
    }
}
