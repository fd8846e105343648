package penstock.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;

/**
 * The feed simulator: quotes and trades to whoever connects, in batches that are due every 2 ms from the start on, whether the one before
 * was late or not. Each update carries the time at which it was due, by {@link System#nanoTime}. Its thread keeps the pace; the server's
 * io thread sends.
 */
final class PacedFeed implements AutoCloseable {
    static final int MOST_SYMBOLS = 1_000;

    /** The rules by which the relay reads it. */
    static final String VENUE = """
        name = load
        connection {
          frames = text
          compression = off
          max-frame = 64KiB
          idle { any-frame = 20s, data = 20s }
          reconnect { min = 100ms, max = 1s, reset-after = 5s }
        }
        channels {
          quote { class = last-value, default = true }
          trade { class = event }
        }
        messages {
          rules = [
            { name = quote, match { "$/e" = quote }, channel = quote, key = "$/s", emit = "$/v" }
            { name = trade, match { "$/e" = trade }, channel = trade, key = "$/s", emit = "$/v" }
          ]
        }
        """;

    private static final long SEED = 20_261_121;
    private static final long BATCH_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final double PER_NS = 1e-9;

    private final int quotesPerSecond;
    private final int tradesPerSecond;
    private final int symbols;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final SingleWriterRecorder lateness = new SingleWriterRecorder(3);
    private final FeedServer server = FeedServer.start(0, new Silent());
    private final Thread thread = new Thread(this::run, "paced-feed");
    private ByteBuffer batch = ByteBuffer.allocate(1 << 16);
    private long number;
    private volatile boolean stopped;

    PacedFeed(final Plan plan) {
        quotesPerSecond = plan.quotesPerSecond();
        tradesPerSecond = plan.tradesPerSecond();
        symbols = plan.symbols();
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return server.url("/");
    }

    int port() {
        return server.port();
    }

    /** How late the batches were handed to the sockets, since the last call. */
    Histogram takeLateness() {
        return lateness.getIntervalHistogram();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
        server.close();
    }

    private void run() {
        final long startNs = System.nanoTime();
        long quotes = 0;
        long trades = 0;
        for (long number = 1; !stopped; number++) {
            final long dueNs = startNs + number * BATCH_NS;
            Clock.until(dueNs);
            batch.clear();
            for (final long last = (long) ((dueNs - startNs) * PER_NS * quotesPerSecond); quotes < last; quotes++) {
                // in turn: at random, how old a folded quote is would be the feed's chance, and hide what the relay adds
                put("quote", (int) (quotes % symbols), dueNs);
            }
            for (final long last = (long) ((dueNs - startNs) * PER_NS * tradesPerSecond); trades < last; trades++) {
                put("trade", random.nextInt(symbols), dueNs);
            }
            if (batch.position() > 0) {
                final byte[] bytes = new byte[batch.flip().remaining()];
                batch.get(bytes);
                server.sendRaw(bytes);
                lateness.recordValue(System.nanoTime() - dueNs);
            }
        }
    }

    private void put(final String kind, final int symbol, final long dueNs) {
        final long price = 6_168_599_000_000L + random.nextInt(100_000_000);
        final byte[] text = ("{\"e\":\"" + kind + "\",\"s\":\"" + symbol(symbol) + "\",\"v\":{\"ns\":" + dueNs + ",\"n\":"
            + ++number + ",\"b\":\"" + price / 100_000_000 + "." + price % 100_000_000 + "\",\"B\":\"1.25869000\",\"a\":\"61699.10000000\","
            + "\"A\":\"0.50000000\"}}").getBytes(StandardCharsets.US_ASCII);
        if (batch.remaining() < text.length + FrameWriter.MAX_HEADER_BYTES) {
            batch = ByteBuffer.allocate(2 * batch.capacity()).put(batch.flip());
        }
        FrameWriter.putFrame(batch, Opcode.TEXT, text, 0, text.length);
    }

    /** Three digits behind three letters: {@link EntryScan} counts on it. */
    private static String symbol(final int index) {
        return String.format(Locale.ROOT, "SYM%03d", index);
    }

    /** Says nothing by itself: the pacing thread does. */
    private static final class Silent implements FeedScript {
        @Override
        public void onOpen(final FeedClient client, final long nowNs) {
            // nobody is greeted
        }

        @Override
        public void onClosed(final FeedClient client, final long nowNs) {
            // nor missed
        }

        @Override
        public long onTurn(final long nowNs, final Outlet outlet) {
            return NEVER;
        }
    }
}
