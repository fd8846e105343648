package penstock.testkit;

import java.util.Iterator;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The seeds of a test with random input: fresh in every run. A test registers it as an extension, which adds the seed
 * of the failed round to each failure. With {@code -Dpenstock.seed=N} the first round has that seed. Owned by the
 * test's thread.
 */
public final class Seeds implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private static final String PROPERTY = "penstock.seed";
    /** Short enough to be copied by hand. */
    private static final long LIMIT = 1L << 40;
    /**
     * The golden ratio of 2^64. What generators begin with whose seeds follow each other is much the same otherwise.
     */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long seed = Long.getLong(PROPERTY, new SplittableRandom().nextLong(LIMIT));

    /** Whether a run is repeated: the property names its seed. */
    public static boolean isGiven() {
        return Long.getLong(PROPERTY) != null;
    }

    /** Always the same for the same seed. */
    public static Random random(final long seed) {
        return new Random(seed * SPREAD);
    }

    /** Seeds of rounds, one for each. What is checked of all rounds together fails with the seed of the first. */
    public Iterable<Long> rounds(final int count) {
        final long first = seed;
        return () -> new Iterator<>() {
            private int begun;

            @Override
            public boolean hasNext() {
                seed = first + begun % count;
                return begun < count;
            }

            @Override
            public Long next() {
                seed = first + begun++;
                return seed;
            }
        };
    }

    /** The seed of the round, or of a test that has but one. */
    public long fresh() {
        return seed;
    }

    /** Randomness from {@link #fresh}. */
    public Random random() {
        return random(seed);
    }

    @Override
    public void handleTestExecutionException(final ExtensionContext context, final Throwable failure)
            throws Throwable {
        throw new AssertionError(
            "seed " + seed + ", again with -D" + PROPERTY + '=' + seed + ": " + failure.getMessage(), failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(final ExtensionContext context, final Throwable failure)
            throws Throwable {
        handleTestExecutionException(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(final ExtensionContext context, final Throwable failure)
            throws Throwable {
        handleTestExecutionException(context, failure);
    }
}
