package penstock.testkit;

import java.time.Duration;

/**
 * How long tests wait for what comes at once on an idle machine. A busy one may take fifty times as long, and only a
 * test that fails waits until the end. Immutable.
 */
public final class Patience {
    /** For one event. */
    public static final int SECONDS = 60;
    /** The same. */
    public static final Duration LIMIT = Duration.ofSeconds(SECONDS);
    /** For a whole test: longer than for several events, so that the one that does not come is named. */
    public static final int TEST_SECONDS = 240;

    private Patience() {
    }
}
