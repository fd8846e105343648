package penstock.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import penstock.oracle.Market;
import penstock.oracle.MarketChannel;
import penstock.oracle.MarketTopic;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;

/**
 * The market of the oracle as a venue of quotes. It quotes every symbol to a client that connects, then symbols at
 * random. Called on the server's io thread; any thread may stop it and ask for the last numbers.
 */
final class NumberedVenue implements FeedScript {
    /** How a relay reads it; the times are those of the scenarios. */
    static final String RULES = """
        name = numbered
        connection {
          frames = text
          compression = off
          max-frame = 64KiB
          connect-timeout = 2s
          idle { any-frame = 5s, data = 5s }
          reconnect { min = 50ms, max = 200ms, reset-after = 5s }
        }
        channels { quote { class = last-value, default = true } }
        messages { rules = [ { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", emit = "$/v"
          ts { at = "$/w", unit = us } } ] }
        """;
    static final int SYMBOLS = 200;
    private static final long TURN_NS = 5_000_000;
    /** How much of the time in which it had no turn it makes up for. */
    private static final long LATE_NS = 100_000_000;

    final Market market;
    private final List<FeedClient> clients = new ArrayList<>();
    private final SplittableRandom random;
    private final int perTurn;
    private volatile boolean isStopped;
    private boolean isQuotingAll;
    private long nextNs;

    NumberedVenue(final long seed, final int perSecond) {
        market = new Market(seed, SYMBOLS, false);
        random = new SplittableRandom(seed);
        perTurn = (int) (perSecond * TURN_NS / 1_000_000_000L);
    }

    static String symbol(final int index) {
        return "S" + index;
    }

    /** Sends no more; the numbers are final once the connection is drained. */
    void stop() {
        isStopped = true;
    }

    /** The number that symbol {@code index} was quoted with last. */
    long last(final int index) {
        return market.topic(MarketChannel.QUOTE, index).sent();
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        clients.add(client);
        isQuotingAll = true;
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client);
        market.disturbAll();
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (clients.isEmpty()) {
            return NEVER;
        }
        if (isQuotingAll) {
            isQuotingAll = false;
            for (int i = 0; i < SYMBOLS; i++) {
                quote(i, true);
            }
        }
        if (!isStopped && nowNs >= nextNs && outlet.hasRoom()) {
            nextNs = Math.max(nextNs, nowNs - LATE_NS) + TURN_NS;
            for (int i = 0; i < perTurn; i++) {
                quote(random.nextInt(SYMBOLS), clients.size() > 1);
            }
        }
        return isStopped ? nowNs + TURN_NS : nextNs;
    }

    /** {@code mayRepeat}: it comes on more than one connection, or some before it are missing. */
    private void quote(final int index, final boolean mayRepeat) {
        final MarketTopic topic = market.topic(MarketChannel.QUOTE, index);
        final long n = topic.send(System.nanoTime());
        if (mayRepeat) {
            topic.mayRepeat(n);
        }
        final String message = topic.message(n, false);
        final String text =
            message.substring(0, message.length() - 1) + ",\"w\":" + System.currentTimeMillis() * 1_000 + "}";
        clients.forEach(client -> client.send(text));
    }
}
