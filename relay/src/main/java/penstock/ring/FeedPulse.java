package penstock.ring;

/**
 * The sign of life of the feed thread. It beats as long as the thread runs its tasks, whether or not the venue sends
 * anything; the shards watch it. {@link #beat} belongs to the feed thread, {@link #beats} to any.
 */
public final class FeedPulse {
    /** How often the feed thread beats. */
    public static final long EVERY_MS = 100;

    private volatile long beats;

    /** The feed thread runs. */
    public void beat() {
        // one writer: the increment needs no atomic operation
        final long next = beats + 1;
        beats = next;
    }

    /** The number of beats; 0 before the feed thread began to beat. */
    public long beats() {
        return beats;
    }
}
