package penstock.telemetry;

import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/**
 * The counters of one owner, in the telemetry memory: one writer, any number of readers, no atomic read-modify-write.
 * Written by the thread that owns it; read by any.
 */
public final class Counters {
    /** The type id of a counter that holds the time of its owner's last heartbeat, epoch ms. */
    static final int HEARTBEAT = 1_000;

    private static final Counter[] ALL = Counter.values();

    private final String owner;
    private final AtomicCounter[] counters = new AtomicCounter[ALL.length];

    /** Counters in memory of their own; {@code owner} is the label in {@code /metrics}, like {@code fanout-0}. */
    public Counters(final String owner) {
        this(owner, manager(TelemetryFile.anonymous(ALL.length, 0)));
    }

    /** The type id of a counter is its place in the enum, its key the owner, its label the name of the sample. */
    Counters(final String owner, final CountersManager manager) {
        this.owner = owner;
        for (final Counter counter : ALL) {
            counters[counter.ordinal()] = manager.newCounter(SampleName.of(counter.metric(), owner),
                counter.ordinal(), key -> key.putStringUtf8(0, owner));
        }
    }

    static CountersManager manager(final TelemetryFile file) {
        return new CountersManager(file.metadata(), file.values());
    }

    /** The owner, as {@code /metrics} names it. */
    public String owner() {
        return owner;
    }

    /** Adds one. Owner only. */
    public void increment(final Counter counter) {
        counters[counter.ordinal()].incrementRelease();
    }

    /** Adds {@code count}. Owner only. */
    public void add(final Counter counter, final long count) {
        counters[counter.ordinal()].getAndAddRelease(count);
    }

    /** The value now. Any thread. */
    public long get(final Counter counter) {
        return counters[counter.ordinal()].getAcquire();
    }
}
