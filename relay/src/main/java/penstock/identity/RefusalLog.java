package penstock.identity;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why tokens are refused: each reason the first time, then at its 10th, 100th, 1,000th… time, so that strangers
 * cannot fill the log. Any thread.
 */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    /** Reasons are fixed sentences; this is only for one that is not. */
    private static final int MAX_REASONS = 100;

    private final Map<String, Long> counts = new HashMap<>();

    void add(final String reason) {
        final long count;
        synchronized (this) {
            final String key = counts.size() < MAX_REASONS || counts.containsKey(reason) ? reason : "other reasons";
            count = counts.merge(key, 1L, Long::sum);
        }
        if (isPowerOfTen(count)) {
            LOG.info("a token is refused: {}; {} since the start", reason, count);
        }
    }

    private static boolean isPowerOfTen(final long count) {
        long rest = count;
        while (rest % 10 == 0) {
            rest /= 10;
        }
        return rest == 1;
    }
}
