package penstock.faults;

/**
 * How the good sessions fared for a while.
 *
 * @param p50Ms latency from the venue of the sessions without interval
 * @param p99Ms the same, what one of a hundred exceeds
 * @param valuesPerSecond of all sessions
 */
record Pace(double p50Ms, double p99Ms, double valuesPerSecond) {
    /** Watches for {@code ms}. */
    static Pace measure(final FaultRun run, final long ms) {
        run.latencies.clear();
        final long before = values(run);
        final long beganNs = System.nanoTime();
        FaultRun.sleepMs(ms);
        return new Pace(run.latencies.ms(0.5), run.latencies.ms(0.99),
            (values(run) - before) / ((System.nanoTime() - beganNs) / 1e9));
    }

    /** The latency against {@code ratio} of the calm one; the number of values has no bar. */
    void compare(final Pace calm, final double ratio, final Figures figures) {
        figures.note("latency of the others before, p50", calm.p50Ms, "ms");
        figures.note("latency of the others during, p50", p50Ms, "ms");
        figures.note("latency of the others before, p99", calm.p99Ms, "ms");
        figures.note("latency of the others during, p99", p99Ms, "ms");
        figures.atMost("ratio of the two", p99Ms / calm.p99Ms, ratio, "");
        figures.note("values of the others during, of those before", share(calm), "");
    }

    /** Values of this time, of those of the calm one. */
    double share(final Pace calm) {
        return valuesPerSecond / calm.valuesPerSecond;
    }

    private static long values(final FaultRun run) {
        return run.judges.stream().mapToLong(each -> each.values).sum();
    }
}
