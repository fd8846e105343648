package penstock.faults;

import java.util.Locale;

/** What a scenario measured, each figure beside the one that it has to reach. One thread. */
final class Figures {
    private final boolean isIdle;
    private int missed;

    Figures() {
        this(true);
    }

    /** {@code isIdle}: whether the machine is idle; speeds say nothing on a busy one, and are not judged. */
    Figures(final boolean isIdle) {
        this.isIdle = isIdle;
    }

    /** A speed passes if it is at most {@code pass}. */
    void speedAtMost(final String what, final double measured, final double pass, final String unit) {
        figure(what, measured, !isIdle || measured <= pass, "at most " + text(pass), unit);
    }

    /** A speed passes if it is at least {@code pass}. */
    void speedAtLeast(final String what, final double measured, final double pass, final String unit) {
        figure(what, measured, !isIdle || measured >= pass, "at least " + text(pass), unit);
    }

    /** The figure passes if it is at most {@code pass}. */
    void atMost(final String what, final double measured, final double pass, final String unit) {
        figure(what, measured, measured <= pass, "at most " + text(pass), unit);
    }

    /** The figure passes if it is at least {@code pass}. */
    void atLeast(final String what, final double measured, final double pass, final String unit) {
        figure(what, measured, measured >= pass, "at least " + text(pass), unit);
    }

    /** The figure passes within the two. */
    void between(final String what, final double measured, final double least, final double most, final String unit) {
        figure(what, measured, measured >= least && measured <= most, text(least) + " to " + text(most), unit);
    }

    /** A statement that holds, or does not. */
    void holds(final String what, final boolean isTrue) {
        missed += isTrue ? 0 : 1;
        System.out.printf(Locale.ROOT, "  %-62s %s%n", what, isTrue ? "holds" : "MISSED");
    }

    /** A figure without a bar. */
    void note(final String what, final double measured, final String unit) {
        System.out.printf(Locale.ROOT, "  %-62s %12s %s%n", what, text(measured), unit);
    }

    int missed() {
        return missed;
    }

    private void figure(final String what, final double measured, final boolean holds, final String pass,
            final String unit) {
        missed += holds ? 0 : 1;
        System.out.printf(Locale.ROOT, "  %-62s %12s %-6s (%s) %s%n", what, text(measured), unit, pass,
            holds ? "holds" : "MISSED");
    }

    private static String text(final double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
