package penstock.wire.request;

/**
 * Where a client that comes back stopped: the epoch, and the position of the last frame that it received. Immutable.
 */
public record Resume(long epoch, long p) {
}
