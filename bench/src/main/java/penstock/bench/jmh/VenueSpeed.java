package penstock.bench.jmh;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Asserts the speed of Binance's quotes, as a ratio that holds on slow machines too: both sides of it are measured in
 * one run. The walk reads 1,500 to 2,000 bytes in the time of a microsecond; a frame through the ring takes as long as
 * 3 walks over it, and may not take 8. {@code java -cp bench/target/benchmarks.jar penstock.bench.jmh.VenueSpeed}: exit
 * code 1 when it is too slow.
 */
public final class VenueSpeed {
    private static final double MAX_WALKS = 8;
    private static final double MIN_PER_SECOND = 500_000;
    private static final double NS_PER_SECOND = 1e9;

    private VenueSpeed() {
    }

    /** Measures and tells. */
    public static void main(final String[] args) throws RunnerException {
        final Collection<RunResult> results = new Runner(new OptionsBuilder()
            .include(VenueBenchmark.class.getSimpleName() + "\\.(walk|publish)").param("venue", "binance").build())
            .run();
        final double walks = ns(results, "publish") / ns(results, "walk");
        final double perSecond = NS_PER_SECOND / ns(results, "publish");
        final boolean isFast = walks <= MAX_WALKS && perSecond >= MIN_PER_SECOND;
        System.out.printf(
            "a bookTicker from frame to ring: %.1f walks over its bytes (at most %.0f), %,.0f frames/s (least %,.0f): "
                + "%s%n",
            walks, MAX_WALKS, perSecond, MIN_PER_SECOND, isFast ? "fine" : "TOO SLOW");
        System.exit(isFast ? 0 : 1);
    }

    private static double ns(final Collection<RunResult> results, final String benchmark) {
        return results.stream().filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
            .mapToDouble(result -> result.getPrimaryResult().getScore()).findFirst().orElseThrow();
    }
}
