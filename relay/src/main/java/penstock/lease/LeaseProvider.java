package penstock.lease;

/** Decides which of several relays may be connected to the venues. Any thread. */
public interface LeaseProvider {
    /** Begins to ask for the lease, and goes on. {@code listener} hears of it, on a thread of the provider's. */
    void start(LeaseListener listener);

    /**
     * The venue says that somebody else has logged in: the lease may be lost without our knowledge. {@link
     * LeaseListener#onConfirmed} follows once a request that began later has confirmed it.
     */
    void doubt();

    /** Lets the venue's connections be closed, then gives the lease away. For good; returns at once. */
    void handOver();
}
