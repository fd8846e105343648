package penstock.server.limit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many connections the subscribers' listener may have. Some descriptors are left to the feed, the operator and
 * files, so that the process never runs out of them. Immutable.
 *
 * @param sessions    sessions at the same time
 * @param served      connections whose requests are served; those of further ones are refused
 * @param connections open connections; beyond them one that waits for a request is closed for each new one
 * @param highWater   where the listener stops accepting until connections have been closed
 */
public record ConnectionLimits(int sessions, int served, int connections, int highWater) {
    /** For upstream connections, the operator's listener, HTTP snapshots of books and files. */
    private static final int RESERVE = 64;
    /** Connections beyond the sessions: handshakes, HTTP requests, and refusals. */
    private static final int MAX_SPARE = 1_024;
    /** Connections that the listener accepts in one go, before the first is looked at. */
    private static final int MAX_BATCH = 128;
    private static final int PART = 8;
    private static final int MIN = 4;

    /** For {@code maxSessions}, with {@code free} descriptors. */
    public static ConnectionLimits of(final int maxSessions, final long free) {
        final int usable = (int) Math.max(4L * MIN, Math.min(Integer.MAX_VALUE / 2, free - RESERVE));
        final int batch = Math.min(MAX_BATCH, usable / PART);
        final int connections = Math.min(usable - batch, maxSessions + MAX_SPARE);
        final int spare = Math.max(2, Math.min(MAX_SPARE / 2, connections / PART));
        final int served = connections - spare / 2;
        return new ConnectionLimits(Math.min(maxSessions, connections - spare), served, connections,
            connections + batch);
    }

    /** For {@code maxSessions} in this process, as it is now. */
    public static ConnectionLimits ofProcess(final int maxSessions) {
        return of(maxSessions, freeDescriptors());
    }

    /** Descriptors that this process may still open. */
    public static long freeDescriptors() {
        return maxDescriptors() - openDescriptors();
    }

    /** What {@code ulimit -n} must be for {@code maxSessions}. */
    public static long neededDescriptors(final int maxSessions) {
        return maxSessions + (long) MAX_SPARE + MAX_BATCH + RESERVE + openDescriptors();
    }

    /** The limit of this process; unlimited where the system does not tell. */
    public static long maxDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
    }

    private static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount() : 0;
    }
}
