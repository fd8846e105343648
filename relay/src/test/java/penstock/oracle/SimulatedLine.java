package penstock.oracle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.FrameWriter;
import penstock.websocket.MessageHandler;
import penstock.websocket.Opcode;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * One connection of the simulated venue, or one attempt: bytes arrive late, in pieces, or never. One thread.
 */
final class SimulatedLine implements Upstream, MessageHandler {
    /** Each ends the connection: what a WebSocket may not send. */
    private static final byte[][] GARBAGE = {
        {(byte) 0x83, 0}, {(byte) 0xc1, 1, '{'}, {(byte) 0x81, (byte) 0x80, 1, 2, 3, 4},
        {(byte) 0x81, 2, (byte) 0xc3, '('},
        {(byte) 0x81, 127, 0x40, 0, 0, 0, 0, 0, 0, 0}, {(byte) 0x80, 1, 'x'}, {(byte) 0x88, 1, 3}, {0x09, 0},
        "HTTP/1.1 502 Bad Gateway\r\n\r\n".getBytes(StandardCharsets.US_ASCII)
    };
    /** Each is a message that means nothing. */
    private static final String[] NONSENSE = {"{", "[]", "{\"ch\":\"quote\"}", "nonsense",
        "{\"ch\":\"other\",\"s\":\"S0\"}", "{\"ch\":\"trade\",\"s\":17,\"u\":1}", "\"\\ud800\""};

    private final SimulatedVenue owner;
    private final Timeline timeline;
    private final Timeline.Actor feed;
    private final Market market;
    private final Random random;
    private final UpstreamListener listener;
    private final VenueAnswer venue;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final FrameParser parser;
    private final int number;
    private final boolean countsAgain;
    /** By topic of which no change is missing on this line: the newest update. */
    private final Map<MarketTopic, Long> whole = new HashMap<>();
    private boolean isOpen;
    private boolean isOver;
    /** The relay has said good-bye and takes nothing more. */
    private boolean isClosing;
    /** Nothing passes any more, and nobody says so. */
    private boolean isHalfOpen;
    private long arrivesNs;
    private long latencyNs;
    private long receivedNs;

    SimulatedLine(final SimulatedVenue owner, final int number, final UpstreamListener listener) {
        this.owner = owner;
        this.number = number;
        this.listener = listener;
        timeline = owner.timeline;
        feed = owner.feed;
        market = owner.market;
        random = owner.random;
        final FrameLimits limits = new FrameLimits(SimulatedVenue.FRAME_BYTES, SimulatedVenue.FRAME_BYTES, 100);
        parser = new FrameParser(Role.CLIENT, limits, owner.scratch, this);
        venue = new VenueAnswer(market);
        countsAgain = random.nextInt(6) == 0 && !owner.isRedundant;
        latencyNs = 1 + random.nextInt(3_000_000);
    }

    boolean isOpen() {
        return isOpen && !isOver;
    }

    /** What is written now arrives soon. */
    boolean isInStep() {
        return isOpen() && !isHalfOpen && arrivesNs - timeline.nowNs() < 5_000_000;
    }

    @Override
    public String toString() {
        return "line " + number;
    }

    void open() {
        if (!isOver) {
            isOpen = true;
            owner.log(this + " open");
            mayBringLateEvents();
            listener.onAlive(timeline.nowNs());
            listener.onOpen();
        }
    }

    /** From now on the relay waits for what another line lacks, because this one may bring it. */
    private void mayBringLateEvents() {
        if (owner.lines.size() > 1) {
            market.topics().forEach(MarketTopic::mayBeLateAll);
        }
    }

    void end(final LossReason reason, final String what) {
        if (!isOver) {
            over();
            listener.onClosed(UpstreamLoss.of(reason, what, isOpen));
        }
    }

    private void over() {
        owner.log(this + " over");
        isOver = true;
        owner.losses += isOpen ? 1 : 0;
        market.disturbAll();
        parser.stop();
        owner.lines.remove(this);
        if (owner.isRedundant) {
            market.topics().forEach(MarketTopic::mayRepeatAll);
        }
    }

    /** An update, if the relay subscribed to its topic. */
    void update(final MarketTopic topic, final long n, final boolean isImage) {
        if (carries(topic)) {
            message(topic.message(n, isImage));
        }
    }

    /** Whether it brings the updates of a topic. */
    boolean carries(final MarketTopic topic) {
        return isOpen() && venue.isSubscribed(topic);
    }

    void message(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final ByteBuffer frame = ByteBuffer.allocate(bytes.length + FrameWriter.MAX_HEADER_BYTES);
        FrameWriter.putFrame(frame, Opcode.TEXT, bytes, 0, bytes.length);
        written.write(frame.array(), 0, frame.position());
    }

    void nonsense() {
        owner.log(this + " nonsense");
        message(NONSENSE[random.nextInt(NONSENSE.length)]);
    }

    /** The connection does not survive it. */
    void garbage() {
        owner.log(this + " garbage");
        written.writeBytes(GARBAGE[random.nextInt(GARBAGE.length)]);
    }

    /** A Close frame. */
    void goAway() {
        final ByteBuffer frame = ByteBuffer.allocate(64);
        FrameWriter.putClose(frame, 1001, "going away");
        written.write(frame.array(), 0, frame.position());
    }

    void breakSilently() {
        owner.log(this + " half-open");
        isHalfOpen = true;
    }

    /** What is written from now on takes longer. */
    void delay(final long ns) {
        owner.log(this + " delay " + ns);
        latencyNs = ns;
    }

    /** Everything on the way, and what follows, waits. */
    void stall(final long ns) {
        owner.log(this + " stall " + ns);
        arrivesNs = Math.max(arrivesNs, timeline.nowNs()) + ns;
    }

    /** TCP is reset: a part of what was written arrives. */
    void reset() {
        owner.log(this + " reset");
        final byte[] bytes = written.toByteArray();
        written.reset();
        if (bytes.length > 0) {
            pass(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        }
        feed.executeAfter(() -> end(LossReason.DISCONNECTED, "reset"), Math.max(0, arrivesNs - timeline.nowNs()));
        isHalfOpen = true;
    }

    /** What was written goes onto the wire, in one piece or cut anywhere. */
    void flush() {
        if (written.size() == 0) {
            return;
        }
        final byte[] bytes = written.toByteArray();
        written.reset();
        int from = 0;
        if (random.nextInt(4) == 0) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                final int to = from + random.nextInt(bytes.length - from + 1);
                pass(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
        }
        pass(from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private void pass(final byte[] bytes) {
        if (!isHalfOpen && bytes.length > 0) {
            arrivesNs = Math.max(arrivesNs, timeline.nowNs() + random.nextLong(latencyNs));
            feed.executeAfter(() -> arrive(bytes), arrivesNs - timeline.nowNs());
        }
    }

    private void arrive(final byte[] bytes) {
        if (isOver) {
            return;
        }
        receivedNs = timeline.nowNs();
        listener.onAlive(receivedNs);
        market.arrive(receivedNs);
        try {
            parser.parse(ByteBuffer.wrap(bytes));
        } catch (final ProtocolException e) {
            end(LossReason.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
        } finally {
            if (!isOver) {
                listener.onBatchEnd();
            }
        }
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        if (!isOver && !isClosing) {
            listener.onText(buffer, offset, length, receivedNs);
            arrived(new String(buffer, offset, length, StandardCharsets.UTF_8));
        }
    }

    private void arrived(final String text) {
        final int at = text.indexOf("\"t\":");
        if (at > 0) {
            final String[] words = text.split("\"", 13);
            final MarketTopic topic = market.topic(MarketChannel.of(words[3]), words[7]);
            final long n = Long.parseLong(text, at + 4, text.indexOf(',', at), 10) - MarketTopic.BASE_US;
            if (!owner.isRedundant || completes(topic, n, words[11].equals("snapshot"))) {
                topic.arrive(n, timeline.nowNs());
            }
        }
    }

    /** Whether the relay can show the update, by this line alone: it lacks no change since an image. */
    private boolean completes(final MarketTopic topic, final long n, final boolean isImage) {
        final long last = whole.getOrDefault(topic, 0L);
        if (isImage && n < topic.arrived()) {
            // if the topic is stale, it is live again, whole, with the newest update that was shown before
            topic.mayRepeat(topic.arrived());
        }
        if (isImage || n == last + 1 && last > 0) {
            whole.put(topic, n);
        } else if (n != last) {
            whole.remove(topic);
        }
        return whole.containsKey(topic) || topic.channel == MarketChannel.QUOTE || topic.channel == MarketChannel.TRADE;
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        throw new AssertionError("the venue sends no binary messages");
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        listener.onPing(payload, offset, length);
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        throw new AssertionError("the venue sends no pongs");
    }

    @Override
    public void onClose(final int code, final String reason) {
        end(LossReason.DISCONNECTED, "closed with " + code);
    }

    @Override
    public void sendText(final byte[] utf8) {
        final String request = new String(utf8, StandardCharsets.UTF_8);
        if (isOpen() && !isHalfOpen) {
            // the venue works on several requests at the same time
            feed.executeAfter(() -> answer(request), random.nextLong(latencyNs));
        }
    }

    /** An image is an update that the venue makes for it: others see it as a change. */
    private void answer(final String request) {
        if (isOver || isHalfOpen) {
            return;
        }
        final List<MarketTopic> images = new ArrayList<>();
        owner.log(this + " " + request);
        mayBringLateEvents();
        message(venue.answer(request, images::add));
        for (final MarketTopic topic : images) {
            if (topic.isCountUnseen() || countsAgain && SimulatedVenue.isHigh(topic)
                && owner.lines.stream().filter(SimulatedLine::isOpen).count() == 1) {
                topic.restartCount();
            }
            final long n = topic.send(timeline.nowNs());
            topic.mayRepeat(n);
            for (final SimulatedLine line : List.copyOf(owner.lines)) {
                line.update(topic, n, line == this);
            }
        }
        owner.flush();
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        // nothing depends on it
    }

    @Override
    public void close(final int code, final String reason) {
        isClosing = true;
        feed.execute(() -> end(LossReason.STOPPED, reason));
    }

    @Override
    public void abort() {
        if (!isOver) {
            over();
        }
    }
}
