package penstock.server;

/**
 * What one connection may cost: the largest message, and how long it may take from its first byte to its last; what the
 * kernel may hold for it, and whether permessage-deflate is agreed to. Immutable.
 */
record ServerLimits(int frameBytes, long messageWithinMs, int sendBufferBytes, boolean deflate) {
}
