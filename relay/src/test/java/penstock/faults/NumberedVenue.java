package penstock.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.zip.CRC32;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;

/**
 * A venue whose values can be judged by themselves: each has the number of its symbol, the time at which it was sent
 * and a checksum. It quotes every symbol to a client that connects, then symbols at random. Called on the server's io
 * thread; any thread may stop it and ask for the last numbers.
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
        messages { rules = [ { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", ts { at = "$/t", unit = us }, emit = "$/v" } ] }
        """;
    static final int SYMBOLS = 200;
    private static final long TURN_NS = 5_000_000;

    private final AtomicLongArray last = new AtomicLongArray(SYMBOLS);
    private final List<FeedClient> clients = new ArrayList<>();
    private final SplittableRandom random;
    private final int perTurn;
    private volatile boolean isStopped;
    private boolean isQuotingAll;
    private long nextNs;

    NumberedVenue(final long seed, final int perSecond) {
        random = new SplittableRandom(seed);
        perTurn = (int) (perSecond * TURN_NS / 1_000_000_000L);
    }

    static String symbol(final int index) {
        return "S" + index;
    }

    /** What the value of a symbol must have as its checksum. */
    static long checksum(final String symbol, final long number, final long sentNs) {
        final CRC32 crc = new CRC32();
        crc.update((symbol + ':' + number + ':' + sentNs).getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }

    /** Sends no more; the numbers are final once the connection is drained. */
    void stop() {
        isStopped = true;
    }

    /** The number that symbol {@code index} was quoted with last. */
    long last(final int index) {
        return last.get(index);
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        clients.add(client);
        isQuotingAll = true;
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client);
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (clients.isEmpty()) {
            return NEVER;
        }
        if (isQuotingAll) {
            isQuotingAll = false;
            for (int i = 0; i < SYMBOLS; i++) {
                quote(i);
            }
        }
        if (!isStopped && nowNs >= nextNs && outlet.hasRoom()) {
            nextNs = nowNs + TURN_NS;
            for (int i = 0; i < perTurn; i++) {
                quote(random.nextInt(SYMBOLS));
            }
        }
        return nowNs + TURN_NS;
    }

    private void quote(final int index) {
        final long number = last.incrementAndGet(index);
        final long nowNs = System.nanoTime();
        final String symbol = symbol(index);
        final String text = "{\"s\":\"" + symbol + "\",\"t\":" + System.currentTimeMillis() * 1_000 + ",\"v\":[" + number + ',' + nowNs + ','
            + checksum(symbol, number, nowNs) + "]}";
        clients.forEach(client -> client.send(text));
    }
}
