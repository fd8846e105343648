package penstock.server;

/**
 * What one connection may cost: the largest message, and how long it may take from its first byte to its last; and whether
 * permessage-deflate is agreed to. Immutable.
 */
record ServerLimits(int frameBytes, long messageWithinMs, boolean deflate) {
}
