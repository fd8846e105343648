package penstock.faults;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import penstock.system.Subscriber;

/**
 * Judges every value that one subscriber receives, over all of its connections: the venue has sent it, it is newer than
 * the one before, and its symbol was subscribed to. Called on the fleet's thread; any thread may ask.
 */
final class Judge implements Subscriber.Watcher {
    final List<String> breaches = new CopyOnWriteArrayList<>();
    /** Symbols that it asked for. */
    final List<String> symbols;
    volatile int stales;
    volatile int lives;
    volatile long staleNs;
    volatile long liveNs;
    /** The message that said so last. */
    volatile String staleStatus = "";
    volatile long values;
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();
    private final Latencies latencies;

    /** {@code latencies}: null = it measures none. */
    Judge(final List<String> symbols, final Latencies latencies) {
        this.symbols = List.copyOf(symbols);
        this.latencies = latencies;
    }

    /** The number of the newest value; 0 = none. */
    long number(final String symbol) {
        return numbers.getOrDefault(symbol, 0L);
    }

    @Override
    public void onValue(final String symbol, final byte[] value, final boolean isStale) {
        final String[] parts = new String(value, StandardCharsets.US_ASCII).split("[\\[\\],]");
        values++;
        try {
            final long number = Long.parseLong(parts[1]);
            final long sentNs = Long.parseLong(parts[2]);
            if (Long.parseLong(parts[3]) != NumberedVenue.checksum(symbol, number, sentNs)) {
                breach("the venue never sent " + symbol + " " + new String(value, StandardCharsets.US_ASCII));
            }
            final long before = number(symbol);
            numbers.put(symbol, number);
            if (number < before) {
                breach(symbol + " went back from " + before + " to " + number);
            }
            if (latencies != null) {
                latencies.add(System.nanoTime() - sentNs);
            }
        } catch (final RuntimeException e) {
            breach("no value of the venue: " + symbol + " " + new String(value, StandardCharsets.US_ASCII));
        }
        if (!symbols.contains(symbol)) {
            breach(symbol + " was not subscribed to");
        }
    }

    @Override
    public void onControl(final String text) {
        if (text.startsWith("{\"type\":\"status\",\"scope\":\"feed\"")) {
            if (text.contains("\"state\":\"stale\"")) {
                staleNs = System.nanoTime();
                staleStatus = text;
                stales++;
            } else if (text.contains("\"state\":\"live\"")) {
                liveNs = System.nanoTime();
                lives++;
            }
        }
    }

    private void breach(final String what) {
        if (breaches.size() < 20) {
            breaches.add(what);
        }
    }
}
