package penstock.bench.load;

/**
 * What a session of a {@link Fleet} asks for, how it reads, and where what it gets is counted.
 *
 * @param path           of the upgrade, with its query
 * @param request        a text frame that is sent once the upgrade is answered, or null
 * @param receiveBytes   its receive buffer, and segments as small; 0 = the system's
 * @param bytesPerSecond a slow reader's pace; 0 = reads what comes
 * @param tally          counts what comes; sessions share it
 */
record Terms(String path, String request, int receiveBytes, int bytesPerSecond, Tally tally) {
    /** Reads what comes, with the system's buffers. */
    static Terms of(final String path, final String request, final Tally tally) {
        return new Terms(path, request, 0, 0, tally);
    }

    /** Otherwise the kernel holds megabytes for each client that does not read, and nothing shows. */
    Terms withReceiveBytes(final int newReceiveBytes) {
        return new Terms(path, request, newReceiveBytes, bytesPerSecond, tally);
    }

    /** Reads so many bytes in each second, whatever comes. */
    Terms reading(final int newBytesPerSecond) {
        return new Terms(path, request, receiveBytes, newBytesPerSecond, tally);
    }

    /** Counts elsewhere. */
    Terms counting(final Tally newTally) {
        return new Terms(path, request, receiveBytes, bytesPerSecond, newTally);
    }
}
