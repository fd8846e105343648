package penstock.bench.load.client;

/**
 * What a session of a {@link ClientSwarm} asks for, how it reads, and where what it gets is counted.
 *
 * @param path           of the upgrade, with its query
 * @param request        a text frame that is sent once the upgrade is answered, or null
 * @param receiveBytes   its receive buffer, and segments as small; 0 = the system's
 * @param bytesPerSecond a slow reader's pace; 0 = reads what comes
 * @param stats          counts what comes; sessions share it
 */
public record ClientOptions(String path, String request, int receiveBytes, int bytesPerSecond, UpdateStats stats) {
    /** Reads what comes, with the system's buffers. */
    public static ClientOptions of(final String path, final String request, final UpdateStats stats) {
        return new ClientOptions(path, request, 0, 0, stats);
    }

    /** Otherwise the kernel holds megabytes for each client that does not read, and nothing shows. */
    public ClientOptions withReceiveBytes(final int newReceiveBytes) {
        return new ClientOptions(path, request, newReceiveBytes, bytesPerSecond, stats);
    }

    /** Reads so many bytes in each second, whatever comes. */
    public ClientOptions reading(final int newBytesPerSecond) {
        return new ClientOptions(path, request, receiveBytes, newBytesPerSecond, stats);
    }

    /** Counts elsewhere. */
    public ClientOptions counting(final UpdateStats newStats) {
        return new ClientOptions(path, request, receiveBytes, bytesPerSecond, newStats);
    }
}
