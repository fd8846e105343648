package penstock.faults;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import penstock.oracle.ClientChecker;
import penstock.oracle.Market;
import penstock.oracle.MarketChannel;
import penstock.oracle.MarketTopic;
import penstock.oracle.Terms;
import penstock.oracle.Verdict;
import penstock.system.Subscriber;

/**
 * Has the oracle judge what one subscriber receives, over all of its connections, and measures it. Called on the
 * fleet's thread; any thread may ask.
 */
final class Judge implements Subscriber.Watcher {
    private static final String WELCOME = "{\"type\":\"welcome\"";
    private static final String SNAPSHOT = "{\"type\":\"snapshot\"";
    private static final String FEED = "{\"type\":\"status\",\"scope\":\"feed\"";

    /** Symbols that it asked for. */
    final List<String> symbols;
    volatile int stales;
    volatile int lives;
    volatile long staleNs;
    volatile long liveNs;
    /** The message that said so last. */
    volatile String staleStatus = "";
    volatile long values;
    /** Messages with images. */
    volatile int snapshots;
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();
    private final Latencies latencies;
    private final Terms terms;
    private final Verdict verdict = new Verdict();
    private final ClientChecker checker;

    /** {@code latencies}: null = it measures none. */
    Judge(final String name, final Market market, final List<String> symbols, final int intervalMs,
            final Latencies latencies) {
        this.symbols = List.copyOf(symbols);
        this.latencies = latencies;
        terms = Terms.conflated(MarketChannel.QUOTE, intervalMs);
        checker = new ClientChecker(name, market, topic -> true, verdict);
        checker.watchEntries(this::onEntry);
    }

    /** The number of the newest value; 0 = none. */
    long number(final String symbol) {
        return numbers.getOrDefault(symbol, 0L);
    }

    /** What the oracle found wrong. */
    List<String> breaches() {
        return verdict.breaches();
    }

    @Override
    public void onMessage(final String text) {
        if (text.startsWith(WELCOME)) {
            checker.onLost();
            checker.subscribeByQuery(terms, symbols);
        } else if (text.startsWith(FEED)) {
            onFeed(text);
        } else if (text.startsWith(SNAPSHOT)) {
            snapshots++;
        }
        checker.onMessage(text);
        values = checker.entries();
    }

    private void onFeed(final String text) {
        if (text.contains("\"state\":\"stale\"")) {
            staleNs = System.nanoTime();
            staleStatus = text;
            stales++;
        } else if (text.contains("\"state\":\"live\"")) {
            liveNs = System.nanoTime();
            lives++;
        }
    }

    private void onEntry(final MarketTopic topic, final long n) {
        numbers.put(topic.symbol, n);
        if (latencies != null && n > 0 && n <= topic.sent()) {
            latencies.add(System.nanoTime() - topic.sentNs(n));
        }
    }
}
