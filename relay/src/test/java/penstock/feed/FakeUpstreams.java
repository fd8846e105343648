package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;
import penstock.upstream.SnapshotFetch;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.spec.UpstreamUrl;

/** Connections without a network: a test acts as the server. */
public final class FakeUpstreams implements UpstreamFactory {
    final List<Server> all = new ArrayList<>();
    public SnapshotFetch fetch = SnapshotFetch.NONE;
    private final FeedClock clock;

    public FakeUpstreams(final FeedClock clock) {
        this.clock = clock;
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
        final Server server = new Server(url, listener);
        all.add(server);
        return server;
    }

    @Override
    public SnapshotFetch snapshots() {
        return fetch;
    }

    public Server last() {
        return all.get(all.size() - 1);
    }

    /** The server of one attempt. */
    public final class Server implements Upstream {
        final UpstreamUrl url;
        final UpstreamListener listener;
        final long madeNs = clock.nowNs();
        public final List<String> sent = new ArrayList<>();
        public boolean isAborted;
        boolean isClosing;

        Server(final UpstreamUrl url, final UpstreamListener listener) {
            this.url = url;
            this.listener = listener;
        }

        public Server open() {
            listener.onOpen();
            return this;
        }

        public Server text(final String text) {
            listener.onAlive(clock.nowNs());
            final byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
            listener.onText(bytes, 1, bytes.length - 2, clock.nowNs());
            listener.onBatchEnd();
            return this;
        }

        public Server binary(final byte[] bytes) {
            listener.onAlive(clock.nowNs());
            listener.onBinary(bytes, 0, bytes.length, clock.nowNs());
            listener.onBatchEnd();
            return this;
        }

        Server ping(final String payload) {
            final byte[] bytes = ("<" + payload + ">").getBytes(StandardCharsets.UTF_8);
            listener.onAlive(clock.nowNs());
            if (listener.onPing(bytes, 1, bytes.length - 2)) {
                sendPong(bytes, 1, bytes.length - 2);
            }
            return this;
        }

        public void lose(final LossReason reason, final boolean wasOpen) {
            listener.onClosed(UpstreamLoss.of(reason, "lost in the test", wasOpen));
        }

        @Override
        public void sendText(final byte[] utf8) {
            sent.add(new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void sendPing() {
            sent.add("ping");
        }

        @Override
        public void sendPong(final byte[] payload, final int offset, final int length) {
            sent.add("pong " + new String(payload, offset, length, StandardCharsets.UTF_8));
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
}
