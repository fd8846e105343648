package penstock.link;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.spec.UpstreamUrl;

/** A connection to another relay with a channel {@code quote}, as a test plays it. */
final class PlayedRelay implements Upstream {
    private final FeedClock clock;
    final UpstreamUrl url;
    final UpstreamListener listener;
    final List<String> sent = new ArrayList<>();
    boolean isAborted;
    boolean isClosing;

    PlayedRelay(final FeedClock clock, final UpstreamUrl url, final UpstreamListener listener) {
        this.clock = clock;
        this.url = url;
        this.listener = listener;
    }

    PlayedRelay open() {
        listener.onAlive(clock.nowNs());
        listener.onOpen();
        return this;
    }

    PlayedRelay text(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        listener.onAlive(clock.nowNs());
        listener.onText(bytes, 0, bytes.length, clock.nowNs());
        listener.onBatchEnd();
        return this;
    }

    void binary(final byte[] message) {
        listener.onAlive(clock.nowNs());
        listener.onBinary(message, 0, message.length, clock.nowNs());
        listener.onBatchEnd();
    }

    PlayedRelay welcome(final long epoch, final String hops) {
        return welcome(epoch, hops, "");
    }

    /** {@code more}: fields of its feed. */
    PlayedRelay welcome(final long epoch, final String hops, final String more) {
        return text("{\"type\":\"welcome\",\"protocol\":\"penstock.v1\",\"epoch\":" + epoch + ",\"feed\":{\"name\":"
            + "\"demo\",\"state\":\"live\"," + more + "\"channels\":[{\"name\":\"quote\",\"class\":\"last-value\",\"default\":"
            + "true}]},\"limits\":{\"symbols\":50,\"frameBytes\":65536,\"minInterval\":0},\"heartbeat\":250,"
            + "\"hops\":[" + hops + "]}");
    }

    /** The subscription is acknowledged. */
    PlayedRelay ack(final boolean isResumed) {
        return text("{\"type\":\"ack\",\"id\":1,\"op\":\"subscribe\",\"sub\":\"0\",\"resumed\":" + isResumed + '}');
    }

    /** Numbers of topics, as in {@code [3,"A",0]}. */
    PlayedRelay topics(final String topics) {
        return text("{\"type\":\"topics\",\"sub\":\"0\",\"topics\":[" + topics + "]}");
    }

    /** Everything up to {@code p} was sent. */
    PlayedRelay position(final long p) {
        return text("{\"type\":\"position\",\"p\":" + p + '}');
    }

    /** The state of its feed since a position. */
    PlayedRelay feed(final String state, final long p) {
        return feed(state, null, p);
    }

    PlayedRelay feed(final String state, final String reason, final long p) {
        return text("{\"type\":\"status\",\"scope\":\"feed\"," + state(state, reason, p));
    }

    /** The state of a topic since a position. */
    PlayedRelay topic(final String symbol, final String state, final String reason, final long p) {
        return text("{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"0\",\"symbols\":[\"" + symbol + "\"],"
            + state(state, reason, p));
    }

    private static String state(final String state, final String reason, final long p) {
        return "\"state\":\"" + state + (reason == null ? "" : "\",\"reason\":\"" + reason) + "\",\"since\":1,\"p\":"
            + p + '}';
    }

    /** All that the relay has up to a position: no topics. */
    PlayedRelay images(final long epoch, final boolean isResumed, final long p) {
        ack(isResumed).binary(Envelopes.last(epoch, 0, 1, p));
        return position(p);
    }

    PlayedRelay live(final long epoch, final boolean isResumed, final long p) {
        return open().welcome(epoch, "\"ingest~1\"").images(epoch, isResumed, p);
    }

    void heartbeat() {
        text("{\"type\":\"heartbeat\",\"ts\":1,\"feed\":\"live\",\"p\":1}");
    }

    void lose(final int status) {
        listener.onClosed(new UpstreamLoss(LossReason.DISCONNECTED, "lost with " + status, true, status, -1));
    }

    void unreachable() {
        listener.onClosed(UpstreamLoss.of(LossReason.UNREACHABLE, "no answer from " + url.host(), false));
    }

    @Override
    public void sendText(final byte[] utf8) {
        sent.add(new String(utf8, StandardCharsets.UTF_8));
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        throw new AssertionError();
    }

    @Override
    public void close(final int code, final String reason) {
        isClosing = true;
    }

    @Override
    public void abort() {
        isAborted = true;
    }
}
