package penstock.bench.load.feed;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import penstock.bench.load.client.EntryScan;
import penstock.bench.load.client.UpdateScan;
import penstock.bench.load.rig.RigClock;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;

/**
 * The feed simulator: sends quotes and trades to every client. Due times are fixed in advance and do not shift when a
 * tick is late. Each update carries its due time, by {@link System#nanoTime}, and its number among those of its symbol
 * and kind: {@code
 * {"symbol":"FX0012","e":"quote","bid":1.08411,"ask":1.08413,"mid":1.08412,"ns":DUE_NS,"n":NUMBER}}. Its own thread
 * paces; the server's io thread sends.
 */
public final class PacedFeed implements AutoCloseable {
    /** A tick of busy feeds: packets of updates, as venues send them. */
    public static final long COARSE_TICK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    public static final int MAX_SYMBOLS = 10_000;

    /**
     * From the first digit of a symbol to the first of its due time: the same in every update, so that clients need not
     * search.
     */
    public static final int SYMBOL_TO_NS_BYTES =
        "0012\",\"e\":\"quote\",\"bid\":1.08411,\"ask\":1.08413,\"mid\":1.08412,\"ns\":".length();

    /** The rules by which the relay reads it. */
    public static final String VENUE = """
        name = load
        connection {
          frames = text
          compression = off
          max-frame = 64KiB
          idle { any-frame = 0, data = 0 }
          reconnect { min = 100ms, max = 1s, reset-after = 5s }
        }
        channels {
          quote { class = last-value, default = true }
          trade { class = event }
        }
        messages {
          rules = [
            { name = quote, match { "$/e" = quote }, channel = quote, key = "$/symbol", emit = frame }
            { name = trade, match { "$/e" = trade }, channel = trade, key = "$/symbol", emit = frame }
          ]
        }
        """;

    private static final long SEED = 20_261_121;
    private static final int MAX_BATCH_BYTES = 1 << 20;
    private static final int CENT = 100_000;
    private static final double PER_NS = 1e-9;

    private final FeedShape shape;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final SingleWriterRecorder lateness = new SingleWriterRecorder(3);
    private final AtomicIntegerArray quoteNumbers;
    private final AtomicIntegerArray tradeNumbers;
    private final FeedServer server = FeedServer.start(0, new FeedScript() { });
    private final Thread thread = new Thread(this::run, "paced-feed");
    private final byte[] text;
    private int at;
    private ByteBuffer batch = ByteBuffer.allocate(1 << 16);
    private volatile int quotesPerSecond;
    private volatile boolean resting;
    private volatile boolean stopped;

    public PacedFeed(final FeedShape shape) {
        this.shape = shape;
        quotesPerSecond = shape.quotesPerSecond();
        quoteNumbers = new AtomicIntegerArray(shape.symbols());
        tradeNumbers = new AtomicIntegerArray(shape.symbols());
        text = new byte[256 + shape.bytes()];
        thread.setDaemon(true);
        thread.start();
    }

    public FeedShape shape() {
        return shape;
    }

    public String url() {
        return server.url("/");
    }

    public int port() {
        return server.port();
    }

    /** Quotes per second from now on. */
    public void pace(final int newQuotesPerSecond) {
        quotesPerSecond = newQuotesPerSecond;
    }

    /** Stops sending, and with {@code false} starts again. Updates due in between are never sent. */
    public void rest(final boolean isResting) {
        resting = isResting;
    }

    /** The number of the newest quote of a symbol; 0 before the first. */
    public int newestQuote(final int symbol) {
        return quoteNumbers.get(symbol);
    }

    /** How late the batches were handed to the sockets, since the last call. */
    public Histogram takeLateness() {
        return lateness.getIntervalHistogram();
    }

    /** {@code FX0012}: four digits behind two letters. {@link EntryScan} and {@link UpdateScan} count on it. */
    public static String symbol(final int index) {
        return String.format(Locale.ROOT, "FX%04d", index);
    }

    /** The names of all symbols. */
    public List<String> symbols() {
        return IntStream.range(0, shape.symbols()).mapToObj(PacedFeed::symbol).toList();
    }

    @Override
    public void close() {
        stopped = true;
        RigClock.join(thread);
        server.close();
    }

    private void run() {
        long dueNs = System.nanoTime();
        double quotes = 0;
        double trades = 0;
        int turn = 0;
        while (!stopped) {
            final long firstDueNs = dueNs + shape.tickNs(quotesPerSecond);
            RigClock.until(firstDueNs);
            final long nowNs = System.nanoTime();
            batch.clear();
            long tickNs = firstDueNs - dueNs;
            do {
                dueNs += tickNs;
                if (!resting) {
                    // slightly more, so that 200 ticks of a 200th of a second make 200 quotes
                    for (quotes += quotesPerSecond * tickNs * PER_NS + 1e-9; quotes >= 1; quotes--) {
                        // in turn: in random order the age of a conflated quote would vary by chance and hide what the
                        // relay adds
                        put("quote", turn, quoteNumbers.incrementAndGet(turn), dueNs);
                        turn = turn + 1 == shape.symbols() ? 0 : turn + 1;
                    }
                    for (trades += shape.tradesPerSecond() * tickNs * PER_NS + 1e-9; trades >= 1; trades--) {
                        final int symbol = random.nextInt(shape.symbols());
                        put("trade", symbol, tradeNumbers.incrementAndGet(symbol), dueNs);
                    }
                }
                tickNs = shape.tickNs(quotesPerSecond);
            } while (dueNs + tickNs <= nowNs && batch.position() < MAX_BATCH_BYTES);
            if (batch.position() > 0) {
                final byte[] bytes = new byte[batch.flip().remaining()];
                batch.get(bytes);
                server.sendRaw(bytes);
                lateness.recordValue(Math.max(0, System.nanoTime() - firstDueNs));
            }
        }
    }

    private void put(final String kind, final int symbol, final int number, final long dueNs) {
        final int price = CENT + random.nextInt(CENT / 2);
        at = 0;
        ascii("{\"symbol\":\"FX");
        digits(symbol, 4);
        ascii("\",\"e\":\"");
        ascii(kind);
        ascii("\",\"bid\":");
        price(price);
        ascii(",\"ask\":");
        price(price + 2);
        ascii(",\"mid\":");
        price(price + 1);
        ascii(",\"ns\":");
        digits(dueNs, Long.toString(dueNs).length());
        ascii(",\"n\":");
        digits(number, Integer.toString(number).length());
        if (at + 10 < shape.bytes()) {
            ascii(",\"pad\":\"");
            while (at + 2 < shape.bytes()) {
                text[at++] = 'x';
            }
            ascii("\"");
        }
        ascii("}");
        if (batch.remaining() < at + FrameWriter.MAX_HEADER_BYTES) {
            batch = ByteBuffer.allocate(2 * batch.capacity()).put(batch.flip());
        }
        FrameWriter.putFrame(batch, Opcode.TEXT, text, 0, at);
    }

    /** Always seven characters: {@link #SYMBOL_TO_NS_BYTES} counts on it. */
    private void price(final int value) {
        digits(value / CENT, 1);
        ascii(".");
        digits(value % CENT, 5);
    }

    private void digits(final long value, final int count) {
        long rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        at += count;
    }

    @SuppressWarnings("deprecation") // the one way to copy ASCII without a detour
    private void ascii(final String what) {
        what.getBytes(0, what.length(), text, at);
        at += what.length();
    }
}
