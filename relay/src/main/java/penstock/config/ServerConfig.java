package penstock.config;

/**
 * The subscribers' listener. {@code port} 0 takes any free one, {@code ioThreads} 0 takes one per core but one.
 * Immutable.
 */
public record ServerConfig(
    String host,
    int port,
    int ioThreads,
    int sendBufferBytes,
    int maxSessions,
    int maxFrameBytes,
    boolean publicMetrics,
    boolean deflate,
    long drainTimeMs) {
}
