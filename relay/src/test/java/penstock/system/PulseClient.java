package penstock.system;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A session that reads the pulse of {@link ManyQuotes} and measures how late it comes. Its own thread reads; any thread
 * may ask.
 */
final class PulseClient implements AutoCloseable {
    private static final Pattern SENT = Pattern.compile("\"type\":\"update\".*\"sent\":(\\d+)");

    private final HostileClient client;
    private final Thread reader;
    private volatile boolean isMeasuring;
    private final List<Long> delaysNs = new ArrayList<>();

    PulseClient(final int port) throws IOException {
        client = HostileClient.upgraded(port, "/v1/ws?interval=0&symbols=" + ManyQuotes.PULSE);
        reader = new Thread(this::read, "pulse");
        reader.setDaemon(true);
        reader.start();
    }

    /** Measures from now on. */
    void measure() {
        synchronized (delaysNs) {
            delaysNs.clear();
        }
        isMeasuring = true;
    }

    /** The delay that 99 of 100 updates do not exceed; fails when there were too few to tell. */
    Duration delay() {
        synchronized (delaysNs) {
            if (delaysNs.size() < 20) {
                throw new AssertionError("only " + delaysNs.size() + " updates came");
            }
            return Duration.ofNanos(delaysNs.stream().sorted().toList().get(delaysNs.size() * 99 / 100));
        }
    }

    @Override
    public void close() throws IOException {
        isMeasuring = false;
        client.close();
    }

    private void read() {
        try {
            while (true) {
                final Matcher sent = SENT.matcher(client.readFrame().text());
                if (isMeasuring && sent.find()) {
                    final long delayNs = System.nanoTime() - Long.parseLong(sent.group(1));
                    synchronized (delaysNs) {
                        delaysNs.add(delayNs);
                    }
                }
            }
        } catch (final IOException e) {
            isMeasuring = false;
        }
    }
}
