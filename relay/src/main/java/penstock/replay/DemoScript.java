package penstock.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes the demo's quotes. Symbols move with weights 1, 1/2, 1/3 … (Zipf), like the activity of real markets. A
 * client that connects to {@link #MARKET} gets trades and books, too: one of each after some quotes of the symbol.
 *
 * <p>Owned by the demo server's io thread; any thread may read the count.
 */
final class DemoScript implements FeedScript {
    /** Updates are sent in batches this far apart: 10 updates per write at 2,000/s. */
    private static final long BATCH_NS = TimeUnit.MILLISECONDS.toNanos(5);
    /** After a stall the feed catches up at most this much and skips the rest. */
    private static final long MAX_CATCH_UP_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** The path of the whole market; at any other there are quotes only. */
    static final String MARKET = "/market";
    private static final int QUOTES_PER_TRADE = 10;
    private static final int QUOTES_PER_BOOK = 8;
    private final List<FeedClient> clients = new ArrayList<>();
    private final List<FeedClient> marketClients = new ArrayList<>();
    private final DemoQuote[] quotes;
    private final DemoOrders[] orders;
    private final int[] weightUpTo;
    private final SplittableRandom random;
    private final long nsPerUpdate;
    private final long wallClockOffsetUs;
    private final AtomicLong sentCount = new AtomicLong();
    private long dueNs;
    private long batchDueNs;

    DemoScript(final long seed, final int updatesPerSecond, final long wallClockOffsetUs) {
        quotes = DemoSymbols.all().stream().map(DemoQuote::new).toArray(DemoQuote[]::new);
        orders = DemoSymbols.all().stream().map(DemoOrders::new).toArray(DemoOrders[]::new);
        random = new SplittableRandom(seed);
        nsPerUpdate = TimeUnit.SECONDS.toNanos(1) / updatesPerSecond;
        this.wallClockOffsetUs = wallClockOffsetUs;
        weightUpTo = new int[quotes.length];
        int sum = 0;
        for (int i = 0; i < quotes.length; i++) {
            sum += 1_000_000 / (i + 1);
            weightUpTo[i] = sum;
        }
    }

    /** The difference between microseconds since 1970 and {@code nanoTime / 1000}. */
    static long wallClockOffsetUs() {
        return System.currentTimeMillis() * 1_000 - System.nanoTime() / 1_000;
    }

    long sentCount() {
        return sentCount.get();
    }

    /** Sends a new client every symbol once. */
    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        if (clients.isEmpty()) {
            dueNs = nowNs + nsPerUpdate;
            batchDueNs = nowNs;
        }
        clients.add(client);
        for (final DemoQuote quote : quotes) {
            quote.encode(timeUs(nowNs));
            send(client, quote.frame());
        }
        if (client.path().equals(MARKET)) {
            marketClients.add(client);
            for (int i = 0; i < orders.length; i++) {
                send(client, orders[i].book(timeUs(nowNs), quotes[i]));
                send(client, orders[i].trade(timeUs(nowNs), quotes[i]));
            }
        }
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client);
        marketClients.remove(client);
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (clients.isEmpty()) {
            return NEVER;
        }
        if (nowNs < batchDueNs) {
            return batchDueNs;
        }
        dueNs = Math.max(dueNs, nowNs - MAX_CATCH_UP_NS);
        while (dueNs <= nowNs && outlet.hasRoom()) {
            publish(pick(), nowNs);
            dueNs += nsPerUpdate;
        }
        batchDueNs = Math.max(dueNs, nowNs + BATCH_NS);
        return batchDueNs;
    }

    private void publish(final int symbol, final long nowNs) {
        final DemoQuote quote = quotes[symbol];
        quote.step(random);
        quote.encode(timeUs(nowNs));
        send(clients, quote.frame());
        sentCount.lazySet(sentCount.get() + 1);
        if (!marketClients.isEmpty()) {
            final int count = orders[symbol].countQuote();
            if (count % QUOTES_PER_BOOK == 0) {
                send(marketClients, orders[symbol].book(timeUs(nowNs), quote));
            }
            if (count % QUOTES_PER_TRADE == 0) {
                send(marketClients, orders[symbol].trade(timeUs(nowNs), quote));
            }
        }
    }

    private static void send(final List<FeedClient> to, final DemoFrame frame) {
        for (int i = 0; i < to.size(); i++) {
            send(to.get(i), frame);
        }
    }

    private static void send(final FeedClient client, final DemoFrame frame) {
        client.send(frame.bytes(), 0, frame.length());
    }

    private int pick() {
        final int drawn = random.nextInt(weightUpTo[weightUpTo.length - 1]);
        final int found = Arrays.binarySearch(weightUpTo, drawn);
        return found >= 0 ? found + 1 : -found - 1; // the first whose sum exceeds the drawn number
    }

    private long timeUs(final long nowNs) {
        return nowNs / 1_000 + wallClockOffsetUs;
    }
}
