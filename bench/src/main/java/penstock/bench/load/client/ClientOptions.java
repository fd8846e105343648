package penstock.bench.load.client;

/**
 * What a session of a {@link ClientSwarm} asks for, how fast it reads, and what counts its updates.
 *
 * @param path           of the upgrade, with its query
 * @param request        a text frame that is sent once the upgrade is answered, or null
 * @param receiveBytes   its receive buffer, and segments as small; 0 = the system's
 * @param bytesPerSecond rate of a slow reader; 0 = no limit
 * @param stats          counts updates; sessions share it
 * @param security       how it is let in
 */
public record ClientOptions(String path, String request, int receiveBytes, int bytesPerSecond, UpdateStats stats,
        ClientSecurity security) {
    /** Reads without a limit, with the system's buffers. */
    public static ClientOptions of(final String path, final String request, final UpdateStats stats) {
        return new ClientOptions(path, request, 0, 0, stats, ClientSecurity.NONE);
    }

    /** A small buffer: otherwise the kernel holds megabytes for a client that does not read, and no effect shows. */
    public ClientOptions withReceiveBytes(final int newReceiveBytes) {
        return new ClientOptions(path, request, newReceiveBytes, bytesPerSecond, stats, security);
    }

    /** Reads at most this many bytes a second. */
    public ClientOptions reading(final int newBytesPerSecond) {
        return new ClientOptions(path, request, receiveBytes, newBytesPerSecond, stats, security);
    }

    /** Counts into other statistics. */
    public ClientOptions counting(final UpdateStats newStats) {
        return new ClientOptions(path, request, receiveBytes, bytesPerSecond, newStats, security);
    }

    /** Comes by TLS, or with a token. */
    public ClientOptions with(final ClientSecurity newSecurity) {
        return new ClientOptions(path, request, receiveBytes, bytesPerSecond, stats, newSecurity);
    }
}
