package penstock.oracle.relays;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules, one after the other, and what they come to. {@code main} repeats one by its seed, or runs a number of
 * them. One thread.
 */
public final class RelaySimulations {
    private static final int REPORT_EVERY = 1_000;

    private int schedules;
    private long updates;
    private long connects;
    private long resumedElsewhere;
    private long countedAgain;
    private int besidePaused;
    private long longestNs;

    /** Runs one; null, or what it found wrong. */
    public String run(final long seed) {
        final RelaysSimulation simulation = new RelaysSimulation(seed);
        simulation.run();
        schedules++;
        updates += simulation.updates();
        connects += simulation.connects();
        resumedElsewhere += simulation.resumedElsewhere();
        countedAgain += simulation.countedAgain();
        besidePaused += simulation.besidePaused() > 0 ? 1 : 0;
        longestNs = Math.max(longestNs, simulation.liveAgainNs());
        return simulation.verdict().count() == 0 ? null : simulation.toString();
    }

    /** The level of the relays' log: runs with faults on every side write thousands of lines. */
    static void quieten(final Level level) {
        ((Logger) LoggerFactory.getLogger("penstock")).setLevel(level);
    }

    /** How often a relay has connected to the venue. */
    public long connects() {
        return connects;
    }

    /** Subscriptions that went on at another relay where they were. */
    public long resumedElsewhere() {
        return resumedElsewhere;
    }

    @Override
    public String toString() {
        return schedules + " schedules, " + updates + " updates, " + connects + " connections to the venue, "
            + besidePaused + " schedules with one beside a process that stood still, live again "
            + longestNs / 1_000_000 + " ms after a kill at most, " + resumedElsewhere
            + " subscriptions resumed at another relay, which had lost " + countedAgain
            + " updates that they had";
    }

    /** {@code SEED}, or {@code SEED SCHEDULES}: from that seed on. Ends with 1 at the first breach. */
    public static void main(final String[] args) {
        final RelaySimulations all = new RelaySimulations();
        final int count = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        if (args.length > 1) {
            quieten(Level.OFF);
        }
        final long first = Long.parseLong(args[0]);
        for (long seed = first; seed < first + count; seed++) {
            final String wrong = all.run(seed);
            if (wrong != null) {
                System.err.println(wrong);
                System.err.println("again with: scripts/simulate --relays " + seed);
                System.exit(1);
            }
            if (all.schedules % REPORT_EVERY == 0) {
                System.err.println(all);
            }
        }
        System.out.println("no breach: " + all);
    }
}
