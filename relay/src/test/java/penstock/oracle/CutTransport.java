package penstock.oracle;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import penstock.client.socket.ClientTransport;
import penstock.client.socket.JdkTransport;

/**
 * Real sockets that are cut when a test says so, and what came over them. The client's and the JDK's threads call it;
 * the test's reads and cuts.
 */
final class CutTransport implements ClientTransport {
    private final ClientTransport sockets = new JdkTransport();
    private final AtomicInteger resumed = new AtomicInteger();
    private final AtomicInteger began = new AtomicInteger();
    private volatile Cut newest;

    @Override
    public Connection open(final URI address, final List<String> subprotocols, final Events events) {
        final Cut cut = new Cut(events);
        newest = cut;
        cut.connection = sockets.open(address, subprotocols, cut);
        return cut.connection;
    }

    /** The newest connection is lost: nothing more of it reaches the client. */
    void cut() {
        final Cut cut = newest;
        if (cut != null) {
            cut.lose();
        }
    }

    /** Snapshots that are complete on the newest connection. */
    int snapshots() {
        final Cut cut = newest;
        return cut == null ? 0 : cut.snapshots;
    }

    int resumed() {
        return resumed.get();
    }

    int began() {
        return began.get();
    }

    private final class Cut implements Events {
        private final Events events;
        private volatile Connection connection;
        private volatile int snapshots;
        private boolean isLost;

        Cut(final Events events) {
            this.events = events;
        }

        synchronized void lose() {
            if (!isLost && connection != null) {
                isLost = true;
                connection.close(0);
                events.onClose(LOST, "");
            }
        }

        @Override
        public synchronized void onOpen() {
            if (!isLost) {
                events.onOpen();
            }
        }

        @Override
        public synchronized void onText(final CharSequence text, final Runnable done) {
            final String read = text.toString();
            if (read.contains("\"op\":\"subscribe\"")) {
                (read.contains("\"resumed\":true") ? resumed : began).incrementAndGet();
            }
            if (!isLost) {
                events.onText(text, () -> {
                    if (read.contains("\"last\":true")) {
                        snapshots++;
                    }
                    done.run();
                });
            }
        }

        @Override
        public synchronized void onClose(final int code, final String reason) {
            if (!isLost) {
                isLost = true;
                events.onClose(code, reason);
            }
        }
    }
}
