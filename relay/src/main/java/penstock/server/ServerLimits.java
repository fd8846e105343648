package penstock.server;

/**
 * What one connection may cost. {@code frameBytes}: the largest message; {@code messageWithinMs}: the longest time from
 * a message's first byte to its last; {@code sendBufferBytes}: the kernel's send buffer; {@code workPerSecond}: the
 * work that the clients of one address may ask of one io thread, 0 = no limit. Immutable.
 */
record ServerLimits(int frameBytes, long messageWithinMs, int sendBufferBytes, double workPerSecond) {
}
