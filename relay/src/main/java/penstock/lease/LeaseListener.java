package penstock.lease;

/** Does what the lease says. All calls come from the thread of the provider. */
public interface LeaseListener {
    /** The lease is held: connect to the venues. {@code epoch}: higher than that of every holder before. */
    void onHeld(long epoch);

    /** No other relay has the lease, as of a request that began after {@link LeaseProvider#doubt}. */
    void onConfirmed();

    /** Close the connections at once, and call {@code closed}, on any thread, when they are closed. */
    void onLost(String why, Runnable closed);

    /** The connections should have been closed by now, and were not: another relay is about to connect. */
    void onOverdue();

    /** What is known of the lease has changed. */
    void onStatus(LeaseStatus status);

    /** The lease is given away, or was not held: the last call. */
    void onEnded();
}
