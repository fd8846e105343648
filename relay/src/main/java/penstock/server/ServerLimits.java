package penstock.server;

import penstock.server.edge.ClientQuotas;

/**
 * What one connection may cost. {@code frameBytes}: the largest message; {@code messageWithinMs}: the longest time from
 * a message's first byte to its last; {@code sendBufferBytes}: the kernel's send buffer; {@code workPerSecond}: the
 * work that the clients of one address may ask of one io thread at the start, 0 = no limit; {@code quotas}: of
 * handshakes and sessions, over all io threads. Immutable.
 */
record ServerLimits(int frameBytes, long messageWithinMs, int sendBufferBytes, double workPerSecond,
        ClientQuotas quotas) {
}
