package penstock.server;

/**
 * What one connection may cost. {@code frameBytes}: the largest message; {@code messageWithinMs}: the longest time from
 * a message's first byte to its last; {@code sendBufferBytes}: the kernel's send buffer. Immutable.
 */
record ServerLimits(int frameBytes, long messageWithinMs, int sendBufferBytes) {
}
