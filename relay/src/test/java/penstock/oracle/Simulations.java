package penstock.oracle;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulations, one after the other, and what they come to. {@code main} repeats one by its seed, or runs as many as a
 * number of updates takes. One thread.
 */
public final class Simulations {
    private static final long REPORT_EVERY = 10_000_000;

    private long updates;
    private long entries;
    private long gaps;
    private long upstreamLosses;
    private long clientLosses;

    /** Runs one; null, or what it found wrong. */
    public String run(final long seed) {
        final Simulation simulation = new Simulation(seed);
        simulation.run();
        updates += simulation.updates();
        entries += simulation.entries();
        gaps += simulation.gaps();
        upstreamLosses += simulation.upstreamLosses();
        clientLosses += simulation.clientLosses();
        return simulation.verdict().count() == 0 ? null : simulation.toString();
    }

    /** The level of the relay's log: runs with faults on every side write thousands of lines. */
    static void quieten(final Level level) {
        ((Logger) LoggerFactory.getLogger("penstock")).setLevel(level);
    }

    /** Updates that venues have sent. */
    public long updates() {
        return updates;
    }

    /** Gaps that clients have received. */
    public long gaps() {
        return gaps;
    }

    /** Upstream connections that were lost. */
    public long upstreamLosses() {
        return upstreamLosses;
    }

    /** Connections that clients lost. */
    public long clientLosses() {
        return clientLosses;
    }

    @Override
    public String toString() {
        return updates + " updates, " + entries + " entries received, " + gaps + " gaps, " + upstreamLosses
            + " upstream and " + clientLosses + " client connections lost";
    }

    /** {@code SEED}, or {@code SEED UPDATES}: from that seed on. Ends with 1 at the first breach. */
    public static void main(final String[] args) {
        final Simulations all = new Simulations();
        final long least = args.length > 1 ? Long.parseLong(args[1]) : 1;
        if (args.length > 1) {
            quieten(Level.OFF);
        }
        long reported = 0;
        for (long seed = Long.parseLong(args[0]); all.updates() < least; seed++) {
            final String wrong = all.run(seed);
            if (wrong != null) {
                System.err.println(wrong);
                System.err.println("again with: scripts/simulate " + seed);
                System.exit(1);
            }
            if (all.updates() - reported >= REPORT_EVERY) {
                reported = all.updates();
                System.err.println(all);
            }
        }
        System.out.println("no breach: " + all);
    }
}
