package penstock.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;

/**
 * Relays that share a lease, the store of its key, the network between, and a venue that counts connections; in
 * simulated time, drawn from one seed. Owned by the test's thread.
 */
final class SimulatedWorld {
    static final long MS = 1_000_000;
    static final long S = 1_000 * MS;
    static final LeaseTerms TERMS = new LeaseTerms(4 * S, 3 * S, S / 2, false);

    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<SimulatedIngest> ingests = new ArrayList<>();
    private long order;
    private long nowNs;
    private long revision = 6;
    private long keyRevision;
    private String value;
    private long awayUntilNs;
    private int highestOpen;
    private int takeovers;
    private boolean isComparing = true;
    private long highestEpoch;
    private boolean hasOldEpoch;
    /** The last epoch is gone too: a relay that has not read it cannot begin with a higher one. */
    private boolean wasDeleted;

    /** What happens, and when; in the order of their making at the same time. */
    private record Event(long atNs, long order, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(final Event other) {
            return atNs == other.atNs ? Long.compare(order, other.order) : Long.compare(atNs, other.atNs);
        }
    }

    SimulatedWorld(final Random random) {
        this.random = random;
    }

    /** The store writes whatever it is told. */
    SimulatedWorld withoutCompare() {
        isComparing = false;
        return this;
    }

    Random random() {
        return random;
    }

    long nowNs() {
        return nowNs;
    }

    List<SimulatedIngest> ingests() {
        return ingests;
    }

    void at(final long atNs, final Runnable task) {
        events.add(new Event(Math.max(nowNs, atNs), order++, task));
    }

    void after(final long delayNs, final Runnable task) {
        at(nowNs + delayNs, task);
    }

    void runUntil(final long untilNs) {
        while (!events.isEmpty() && events.peek().atNs <= untilNs) {
            final Event next = events.poll();
            nowNs = next.atNs;
            next.task.run();
        }
        nowNs = untilNs;
    }

    /** The members have no leader for so long: requests wait, and some are lost. */
    void loseQuorum(final long forNs) {
        awayUntilNs = Math.max(awayUntilNs, nowNs + forNs);
    }

    /** An operator deletes the key. */
    void deleteKey() {
        revision++;
        keyRevision = 0;
        value = null;
        wasDeleted = true;
    }

    /** A request that arrives now. {@code answer} is called with the answer when it is ready, perhaps much later. */
    void onRequest(final long expected, final String wanted, final Consumer<KeyAnswer> answer) {
        if (nowNs < awayUntilNs) {
            if (random.nextBoolean()) {
                at(awayUntilNs + random.nextInt(300) * MS, () -> onRequest(expected, wanted, answer));
            }
        } else if (wanted == null) {
            answer.accept(KeyAnswer.value(keyRevision, value));
        } else if (expected == keyRevision || !isComparing) {
            keyRevision = ++revision;
            value = wanted;
            answer.accept(KeyAnswer.swapped(keyRevision));
        } else {
            answer.accept(KeyAnswer.refused(keyRevision, value));
        }
    }

    /** A relay connects to the venue. */
    void onOpen(final long epoch) {
        takeovers++;
        hasOldEpoch |= !wasDeleted && epoch <= highestEpoch;
        highestEpoch = epoch;
        highestOpen = Math.max(highestOpen, openCount());
    }

    int openCount() {
        return (int) ingests.stream().filter(SimulatedIngest::isOpen).count();
    }

    /** The most connections that the venue had at the same time. */
    int highestOpen() {
        return highestOpen;
    }

    int takeovers() {
        return takeovers;
    }

    /** Whether a relay took over with an epoch that was not higher than all before. */
    boolean hasOldEpoch() {
        return hasOldEpoch;
    }

    SimulatedIngest active() {
        return ingests.stream().filter(SimulatedIngest::isOpen).findFirst().orElse(null);
    }

    SimulatedIngest add(final SimulatedIngest.MachineFactory machines, final LeaseTerms terms) {
        final double rate = 1 + (random.nextDouble() * 2 - 1) * SimulatedIngest.MAX_DRIFT;
        final long offsetNs = random.nextLong() >> 3;
        final LongUnaryOperator clock = real -> offsetNs + (long) (real * rate);
        final SimulatedIngest ingest = new SimulatedIngest(this, "ingest-" + (char) ('a' + ingests.size() % 26),
            "id-" + ingests.size(), clock, rate);
        ingests.add(ingest);
        ingest.start(machines, terms);
        return ingest;
    }
}
