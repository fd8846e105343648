package penstock.oracle.relays;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.oracle.SimulatedSocket;
import penstock.oracle.Timeline;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.spec.UpstreamUrl;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.MessageHandler;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * The connection of a relay to another one, or an attempt: bytes between the session there and the link here, which
 * come late, wait while the two are apart, or are lost with the connection. One thread.
 */
final class SimulatedLink implements Upstream, SimulatedSocket.Reader, MessageHandler, Network.Connection {
    private static final long CONNECT_TIMEOUT_NS = 2_000_000_000L;
    private static final FrameLimits LIMITS = new FrameLimits(Network.FRAME_BYTES, Network.FRAME_BYTES, 100);
    private static final Pattern RETRY_AFTER = Pattern.compile("retryAfter=(\\d{1,9})");

    private final Network network;
    private final SimulatedProcess process;
    private final Timeline.Actor feed;
    private final UpstreamUrl url;
    private final UpstreamListener listener;
    private final FrameParser parser;
    private SimulatedRelay far;
    private SimulatedSocket socket;
    private boolean isOpen;
    private boolean isOver;
    /** Nothing passes any more. */
    private boolean isBroken;
    private long arrivesNs;
    private long sentNs;
    private long receivedNs;

    SimulatedLink(final Network network, final SimulatedProcess process, final Timeline.Actor feed,
            final UpstreamUrl url, final UpstreamListener listener) {
        this.network = network;
        this.process = process;
        this.feed = feed;
        this.url = url;
        this.listener = listener;
        parser = new FrameParser(Role.CLIENT, LIMITS, network.scratch, this);
    }

    @Override
    public String near() {
        return process.name;
    }

    @Override
    public SimulatedRelay far() {
        return far;
    }

    void connect() {
        feed.executeAfter(() -> {
            if (!isOpen) {
                end(UpstreamLoss.of(LossReason.UNREACHABLE, "no answer", false));
            }
        }, CONNECT_TIMEOUT_NS);
        if (!network.isCut(near(), url.host())) {
            network.world.executeAfter(this::knock, network.latencyNs());
        }
    }

    private void knock() {
        final SimulatedRelay relay = network.at(url.host());
        if (relay.process.isDead()) {
            later(() -> end(UpstreamLoss.of(LossReason.UNREACHABLE, "refused", false)));
        } else {
            final SimulatedSocket.Place place = relay.anyPlace();
            place.thread().execute(() -> accept(relay, place));
        }
    }

    /** On the io thread of the other relay. */
    private void accept(final SimulatedRelay relay, final SimulatedSocket.Place place) {
        if (isOver) {
            return;
        }
        if (!relay.admits(place, true)) {
            later(() -> end(new UpstreamLoss(LossReason.REFUSED, url + " answers 503", false, 503, 1_000)));
            return;
        }
        far = relay;
        socket = new SimulatedSocket(place, network.random, this);
        network.open(this);
        later(() -> {
            isOpen = true;
            network.log(near() + " follows " + far.address());
            listener.onAlive(network.timeline.nowNs());
            listener.onOpen();
        });
        socket.open(new BinaryFormat(WebSocketFormat.PLAIN, near()), null);
    }

    /** What arrives here arrives in its order. */
    private void later(final Runnable arrival) {
        arrivesNs = Math.max(arrivesNs, network.passesNs(near(), url.host()) + network.latencyNs());
        feed.executeAfter(() -> {
            if (!isOver) {
                arrival.run();
            }
        }, arrivesNs - network.timeline.nowNs());
    }

    /** What arrives there does so, too. */
    private void send(final Runnable arrival) {
        sentNs = Math.max(sentNs, network.passesNs(near(), url.host()) + network.latencyNs());
        network.world.executeAfter(() -> {
            if (!isOver && !isBroken) {
                arrival.run();
            }
        }, sentNs - network.timeline.nowNs());
    }

    private void end(final UpstreamLoss loss) {
        if (!isOver) {
            over();
            listener.onClosed(loss);
        }
    }

    private void over() {
        isOver = true;
        parser.stop();
        leave(network.isCut(near(), url.host()));
    }

    private void leave(final boolean isSilent) {
        if (socket != null && !isBroken) {
            isBroken = true;
            network.close(this);
            socket.cut(isSilent);
        }
    }

    @Override
    public void reset(final boolean isSilent) {
        network.log("the link of " + near() + " to " + far.address() + (isSilent ? " is half-open" : " is reset"));
        leave(isSilent);
        if (!isSilent) {
            later(() -> end(UpstreamLoss.of(LossReason.DISCONNECTED, "reset", isOpen)));
        }
    }

    @Override
    public void block(final boolean isBlocked) {
        if (isBlocked) {
            socket.pause();
        } else if (!isBroken) {
            socket.readAt(Integer.MAX_VALUE);
        }
    }

    @Override
    public void slow(final int bytes) {
        if (!isBroken && !network.isCut(near(), far.address())) {
            socket.readAt(bytes);
        }
    }

    @Override
    public void onBytes(final ByteBuffer bytes) {
        if (!isBroken) {
            final byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            later(() -> arrive(copy));
        }
    }

    private void arrive(final byte[] bytes) {
        receivedNs = network.timeline.nowNs();
        listener.onAlive(receivedNs);
        try {
            parser.parse(ByteBuffer.wrap(bytes));
        } catch (final ProtocolException e) {
            throw new AssertionError(e);
        }
        if (!isOver) {
            listener.onBatchEnd();
        }
    }

    @Override
    public void onEnd() {
        later(() -> end(UpstreamLoss.of(LossReason.DISCONNECTED, "ended", isOpen)));
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        if (!isOver) {
            listener.onText(buffer, offset, length, receivedNs);
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        if (!isOver) {
            listener.onBinary(buffer, offset, length, receivedNs);
        }
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        if (!isOver && listener.onPing(payload, offset, length)) {
            send(() -> socket.pong());
        }
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        throw new AssertionError("a link sends no pings");
    }

    @Override
    public void onClose(final int code, final String reason) {
        final Matcher matcher = RETRY_AFTER.matcher(reason);
        end(new UpstreamLoss(LossReason.DISCONNECTED, url + " closed with " + code + " " + reason, true, code,
            matcher.find() ? Long.parseLong(matcher.group(1)) : -1));
    }

    @Override
    public void sendText(final byte[] utf8) {
        final String request = new String(utf8, StandardCharsets.UTF_8);
        if (isOpen && !isOver) {
            send(() -> socket.receive(request));
        }
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        throw new AssertionError("a link lets the connection answer pings");
    }

    @Override
    public void close(final int code, final String reason) {
        feed.execute(() -> end(UpstreamLoss.of(LossReason.STOPPED, reason, isOpen)));
    }

    @Override
    public void abort() {
        if (!isOver) {
            over();
        }
    }
}
