package penstock.faults;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import penstock.oracle.ClientChecker;
import penstock.oracle.Market;
import penstock.oracle.MarketChannel;
import penstock.oracle.MarketTopic;
import penstock.oracle.Terms;
import penstock.oracle.Verdict;
import penstock.system.Subscriber;
import penstock.system.SubscriberFleet;

/**
 * A session that comes back when its relay is gone, to whatever relay a balancer gives it, and goes on where it was.
 * The oracle judges it over all of its connections. Messages come on the fleet's thread; one other thread tends it.
 */
final class MovingSession implements Subscriber.Watcher {
    private static final String WELCOME = "{\"type\":\"welcome\"";
    private static final String SUB = "quotes";
    /** A client waits so long before it comes back, and up to as long again: by chance. */
    private static final int BACK_OFF_MS = 300;
    private static final long NS_PER_MS = 1_000_000;

    final List<String> symbols;
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();
    private final Verdict verdict = new Verdict();
    private final ClientChecker checker;
    private final Terms terms;
    private final SubscriberFleet fleet;
    private final Random random;
    private boolean isBegun;
    private Subscriber subscriber;
    /** When it comes back; 0 = it is connected. */
    private long dueNs;
    /** When the relay that closed its last connection asked it to come back; 0 = none has closed one. */
    long returnNs;
    /** Connections that it lost, and attempts that were answered with a refusal. */
    int losses;
    int refusals;
    private volatile int resumed;

    MovingSession(final String name, final Market market, final List<String> symbols, final int intervalMs,
            final SubscriberFleet fleet, final Random random) {
        this.symbols = List.copyOf(symbols);
        this.fleet = fleet;
        this.random = random;
        terms = Terms.conflated(MarketChannel.QUOTE, intervalMs);
        checker = new ClientChecker(name, market, topic -> true, verdict);
        checker.watchEntries(this::onEntry);
        connect();
    }

    private void connect() {
        dueNs = 0;
        subscriber = fleet.open("/v1/ws", 0, this);
    }

    /** Comes back if its time has come; often. */
    void tend() {
        if (dueNs == 0 && subscriber.isGone) {
            losses += subscriber.isOpen ? 1 : 0;
            refusals += subscriber.isOpen ? 0 : 1;
            fleet.subscribers.remove(subscriber);
            dueNs = System.nanoTime() + (BACK_OFF_MS + random.nextInt(BACK_OFF_MS)) * NS_PER_MS;
            if (subscriber.closeCode >= 0) {
                returnNs = subscriber.closedNs + subscriber.retryAfterMs * NS_PER_MS;
                dueNs = Math.max(dueNs, returnNs);
            }
        } else if (dueNs != 0 && System.nanoTime() - dueNs >= 0) {
            connect();
        }
    }

    /** The number of the newest value; 0 = none. */
    long number(final String symbol) {
        return numbers.getOrDefault(symbol, 0L);
    }

    /** Times that it went on at another relay where it had been. */
    int resumed() {
        return resumed;
    }

    /** What the oracle found wrong. */
    List<String> breaches() {
        return verdict.breaches();
    }

    @Override
    public void onMessage(final String text) {
        throw new IllegalStateException("it answers");
    }

    @Override
    public void onMessage(final Subscriber from, final String text) {
        if (text.startsWith(WELCOME)) {
            if (isBegun) {
                checker.onLost();
                checker.onMoved();
                checker.comeBack(true).forEach(from::send);
            } else {
                from.send(checker.subscribe(SUB, terms, symbols));
                isBegun = true;
            }
        }
        checker.onMessage(text);
        checker.again().forEach(from::send);
        resumed = checker.resumedElsewhere();
    }

    private void onEntry(final MarketTopic topic, final long n) {
        numbers.put(topic.symbol, n);
    }
}
