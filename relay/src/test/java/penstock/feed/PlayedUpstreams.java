package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections without a network: a test plays the server. */
final class PlayedUpstreams implements UpstreamFactory {
    final List<Played> all = new ArrayList<>();
    SnapshotFetch fetch = SnapshotFetch.NONE;
    private final FeedClock clock;

    PlayedUpstreams(final FeedClock clock) {
        this.clock = clock;
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
        final Played played = new Played(url, listener);
        all.add(played);
        return played;
    }

    @Override
    public SnapshotFetch snapshots() {
        return fetch;
    }

    Played last() {
        return all.get(all.size() - 1);
    }

    final class Played implements Upstream {
        final UpstreamUrl url;
        final UpstreamListener listener;
        final long madeNs = clock.nowNs();
        final List<String> sent = new ArrayList<>();
        boolean isAborted;
        boolean isClosing;

        Played(final UpstreamUrl url, final UpstreamListener listener) {
            this.url = url;
            this.listener = listener;
        }

        Played open() {
            listener.onOpen();
            return this;
        }

        Played text(final String text) {
            listener.onAlive(clock.nowNs());
            final byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
            listener.onText(bytes, 1, bytes.length - 2, clock.nowNs());
            listener.onBatchEnd();
            return this;
        }

        Played ping(final String payload) {
            final byte[] bytes = ("<" + payload + ">").getBytes(StandardCharsets.UTF_8);
            listener.onAlive(clock.nowNs());
            if (listener.onPing(bytes, 1, bytes.length - 2)) {
                sendPong(bytes, 1, bytes.length - 2);
            }
            return this;
        }

        void lose(final LossReason reason, final boolean wasOpen) {
            listener.onClosed(UpstreamLoss.of(reason, "lost in the test", wasOpen));
        }

        @Override
        public void sendText(final byte[] utf8) {
            sent.add(new String(utf8, StandardCharsets.UTF_8));
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
