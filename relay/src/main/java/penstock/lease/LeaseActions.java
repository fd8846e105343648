package penstock.lease;

/** What {@link LeaseMachine} wants done. Called on the lease thread. */
interface LeaseActions {
    /** Ask for the key; the answer goes to {@link LeaseMachine#onAnswer} with this number. */
    void read(long request);

    /** Swap the value of the key; the answer goes to {@link LeaseMachine#onAnswer} with this number. */
    void swap(long request, long revision, String value);

    /** As in {@link LeaseListener}. */
    void held(long epoch);

    /** As in {@link LeaseListener}. */
    void confirmed();

    /** As in {@link LeaseListener}; {@link LeaseMachine#onClosed} follows. */
    void lost(String why);

    /** As in {@link LeaseListener}. */
    void overdue();

    /** As in {@link LeaseListener}. */
    void status(LeaseStatus status);

    /** As in {@link LeaseListener}. */
    void ended();
}
