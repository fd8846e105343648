package penstock.faults;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code scripts/faults NAME}: breaks one thing around a relay and measures what follows. Ends with 1 if a figure is
 * missed, 2 if it was called wrongly, 75 if this machine cannot run it.
 */
public final class FaultsCommand {
    private static final int MISSED = 1;
    private static final int USAGE = 2;
    private static final int SKIPPED = 75;

    /** Breaks one thing and measures what follows. */
    interface Scenario {
        void run(FaultOptions options, Figures figures) throws Exception;
    }

    /** A scenario needs what this machine does not have. */
    static final class SkippedException extends Exception {
        private static final long serialVersionUID = 1;

        SkippedException(final String what) {
            super(what);
        }
    }

    static final Map<String, Scenario> SCENARIOS = scenarios();

    private FaultsCommand() {
    }

    /** Runs the scenario that the first argument names. */
    public static void main(final String[] arguments) {
        final Scenario scenario = arguments.length == 0 ? null : SCENARIOS.get(arguments[0]);
        if (scenario == null) {
            System.err.println("scripts/faults: name one of " + String.join(", ", SCENARIOS.keySet()));
            System.exit(USAGE);
        }
        System.exit(run(arguments, scenario));
    }

    private static int run(final String[] arguments, final Scenario scenario) {
        final Figures figures = new Figures();
        try {
            final FaultOptions options = FaultOptions.parse(arguments);
            System.out.println(arguments[0] + ", seed " + options.seed());
            final long beganNs = System.nanoTime();
            scenario.run(options, figures);
            System.out.printf(Locale.ROOT, "%s: %s after %.0f s%n", arguments[0],
                figures.missed() == 0 ? "every figure holds" : figures.missed() + " MISSED",
                (System.nanoTime() - beganNs) / 1e9);
            return figures.missed() == 0 ? 0 : MISSED;
        } catch (final IllegalArgumentException e) {
            System.err.println("scripts/faults: " + e.getMessage());
            return USAGE;
        } catch (final SkippedException e) {
            System.out.println(arguments[0] + ": SKIPPED: " + e.getMessage());
            return SKIPPED;
        } catch (final Exception e) {
            System.out.println(arguments[0] + ": MISSED: " + e);
            e.printStackTrace(System.out);
            return MISSED;
        }
    }

    private static Map<String, Scenario> scenarios() {
        final Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("upstream-loss", UpstreamFaults::loss);
        all.put("upstream-half-open", UpstreamFaults::halfOpen);
        all.put("upstream-slow", UpstreamFaults::slowLine);
        all.put("upstream-corruption", UpstreamFaults::corruption);
        all.put("upstream-addresses", UpstreamFaults::addresses);
        all.put("upstream-names", UpstreamFaults::names);
        all.put("packet-loss", NetworkFaults::packetLoss);
        all.put("stalled-readers", ClientFaults::stalledReaders);
        all.put("half-open-clients", ClientFaults::halfOpen);
        all.put("mass-reconnect", ClientFaults::massReconnect);
        all.put("churn", ClientFaults::churn);
        all.put("hostile-mix", ClientFaults::hostileMix);
        all.put("hostile-tokens", TokenFaults::hostile);
        all.put("killed", ProcessFaults::killed);
        all.put("paused", ProcessFaults::paused);
        all.put("starved", ProcessFaults::starved);
        all.put("stalled-thread", ProcessFaults::stalledThread);
        all.put("full-ring", ProcessFaults::fullRing);
        all.put("clock", ProcessFaults::clock);
        all.put("out-of-memory", ProcessFaults::outOfMemory);
        all.put("full-disk", DiskFaults::full);
        all.put("lease-killed", LeaseFaults::killed);
        all.put("lease-handed-over", LeaseFaults::handedOver);
        all.put("lease-leader", LeaseFaults::leaderKilled);
        all.put("lease-quorum", LeaseFaults::quorumLost);
        all.put("edge-stopped", EdgeFaults::stopped);
        all.put("edges-killed", EdgesKilled::run);
        all.put("edge-ready", EdgeFaults::ready);
        all.put("soak", Soak::run);
        return all;
    }
}
