package penstock.wire.request;

/**
 * The position at which a reconnecting client resumes: the epoch, and {@code p} of its last frame. Immutable.
 */
public record Resume(long epoch, long p) {
}
