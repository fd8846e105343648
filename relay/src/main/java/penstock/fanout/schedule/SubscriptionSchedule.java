package penstock.fanout.schedule;

/**
 * The state of one subscription in its {@link FlushScheduler}, which alone changes it.
 *
 * <pre>
 *              a topic changed (one bit, the state stays ARMED until the flush)
 *         ┌───────────────────────────────────────────────┐
 *         │                                               ▼    interval or rate limit    ┌─────────┐
 *   ┌─────────┐      all was sent, no interval       ┌─────────┐ ──────────────────────► │ HOLDING │
 *   │  ARMED  │ ◄─────────────────────────────────── │   DUE   │ ◄────────────────────── └─────────┘
 *   └─────────┘                                      └─────────┘       the deadline
 *         │                                            │  ▲  │
 *         │      the socket took less than offered     │  │  │ mode once: all images were sent
 *         └────────────► ┌─────────┐ ◄─────────────────┘  │  └──────► ENDED ◄── unsubscribe, disconnect: any state
 *                        │ BLOCKED │ ─────────────────────┘
 *                        └─────────┘   the socket is writable
 * </pre>
 *
 * <p>A request makes a subscription PAUSED from any state, and DUE once it is done. Owned by the shard's io thread.
 */
public final class SubscriptionSchedule extends Deadline {
    enum State { ARMED, HOLDING, DUE, BLOCKED, PAUSED, ENDED }

    /** What has to come before a subscription is sent what changed. */
    public enum Wait {
        /** The end of its interval. */
        INTERVAL,
        /** A part of its rate limit. */
        RATE,
        /** Its socket, or the rights of its client. */
        SOCKET,
        /** The end of a request that changes it. */
        REQUEST,
        /** The next turn of the shard. */
        TURN
    }

    private final int id;
    private final int feed;
    private final int session;
    private State state = State.DUE;
    private IntervalQueue intervalQueue;
    /** Null without a rate limit. */
    private IntervalQueue rateQueue;
    private long dueSinceNs;
    private long passedP;
    private long caughtUpNs;
    private boolean isHeldForRate;

    SubscriptionSchedule(final int id, final int feed, final int session) {
        this.id = id;
        this.feed = feed;
        this.session = session;
    }

    /** The subscription's id, dense within the shard. */
    public int id() {
        return id;
    }

    /** The number of the feed whose topics the subscription has. */
    int feed() {
        return feed;
    }

    /** The number of the subscription's session. */
    public int session() {
        return session;
    }

    /** Whether the next change is to be sent at once. */
    public boolean isArmed() {
        return state == State.ARMED;
    }

    /** Whether a request changes it now. */
    public boolean isPaused() {
        return state == State.PAUSED;
    }

    /** Whether it is over. */
    public boolean isEnded() {
        return state == State.ENDED;
    }

    /** Whether it has an interval between two sends. */
    public boolean hasInterval() {
        return intervalQueue.intervalNs() > 0;
    }

    /**
     * When its last deadline came; 0 when it was armed since. Time before that is conflation, time after it is
     * queueing.
     */
    public long dueSinceNs() {
        return dueSinceNs;
    }

    /** It has everything that was there at {@code nowNs}, or it begins then. */
    public void onCaughtUp(final long nowNs) {
        caughtUpNs = nowNs;
    }

    /** When it last had everything, unless it is armed. */
    long caughtUpNs() {
        return caughtUpNs;
    }

    /** What it waits for. */
    public Wait waitsFor() {
        return switch (state) {
            case HOLDING -> isHeldForRate ? Wait.RATE : Wait.INTERVAL;
            case BLOCKED -> Wait.SOCKET;
            case PAUSED -> Wait.REQUEST;
            default -> Wait.TURN;
        };
    }

    /** The position up to which it had everything when it was armed last. */
    long passedP() {
        return passedP;
    }

    void onPassed(final long p) {
        passedP = p;
    }

    State state() {
        return state;
    }

    IntervalQueue intervalQueue() {
        return intervalQueue;
    }

    IntervalQueue rateQueue() {
        return rateQueue;
    }

    void use(final IntervalQueue newIntervalQueue, final IntervalQueue newRateQueue) {
        assert !isQueued() : "a subscription that holds does not change its interval";
        intervalQueue = newIntervalQueue;
        rateQueue = newRateQueue;
    }

    void onDue() {
        assert state != State.ENDED : "an ended subscription is never due";
        state = State.DUE;
    }

    void onExpired() {
        assert state == State.HOLDING : "only a hold expires, this is " + state;
        state = State.DUE;
        dueSinceNs = atNs();
    }

    void onHolding(final boolean forRate) {
        assert state == State.DUE || state == State.ARMED : "a hold follows a send, this is " + state;
        state = State.HOLDING;
        isHeldForRate = forRate;
    }

    void onArmed() {
        assert state == State.DUE || state == State.ARMED : "arming follows a send, this is " + state;
        state = State.ARMED;
        dueSinceNs = 0;
    }

    void onBlocked() {
        assert state != State.HOLDING && state != State.ENDED : "a hold goes on while the socket is blocked";
        state = State.BLOCKED;
    }

    void onPaused() {
        assert !isQueued() && state != State.ENDED : "a request changes what runs, after its deadline is cancelled";
        state = State.PAUSED;
    }

    void onEnded() {
        assert !isQueued() : "its deadline is cancelled first";
        state = State.ENDED;
    }
}
