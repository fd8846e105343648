package penstock.config;

import java.util.List;

/**
 * The subscribers' listener. {@code ioThreads} 0 uses one thread per core, except one core; {@code allowedOrigins}: of
 * pages that may use the relay, {@code *} is every page. Immutable.
 */
public record ServerConfig(@Inline Address listen, int ioThreads, @Inline Limits limits, List<String> allowedOrigins,
        boolean publicMetrics, boolean deflate, long drainTimeMs) {

    /** The threads that serve subscribers. */
    public int threads() {
        return ioThreads > 0 ? ioThreads : defaultThreads();
    }

    /** The feed thread would wait behind a time slice of theirs, and so would a subscriber on the same machine. */
    static int defaultThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    /** Where the server listens; port 0 takes any free port. */
    public record Address(String host, int port) {
    }

    /**
     * How much the server spends on its sessions.
     *
     * @param sendBufferBytes size of the kernel's send buffer of each connection
     * @param maxSessions     sessions at the same time
     * @param maxFrameBytes   size of one message from a subscriber
     */
    public record Limits(int sendBufferBytes, int maxSessions, int maxFrameBytes) {
    }
}
