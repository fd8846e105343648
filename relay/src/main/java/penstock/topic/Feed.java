package penstock.topic;

import penstock.ring.FeedIntroduction;
import penstock.ring.FeedState;

/** A feed as a shard knows it, without its topics: its name and its state. Owned by the shard's io thread. */
public final class Feed {
    /** What clients may name on a feed whose symbols are configured. */
    private static final int ANY = Integer.MAX_VALUE;

    private final int number;
    private final String name;
    private int maxDemand = ANY;
    private FeedStatus status;
    /** The state when it was lost last; its first state before. */
    private FeedStatus loss;
    /** Topics whose last change is at or before this position are stale: the feed was lost since. */
    private long stalePosition;
    /** The position of its last change of state. */
    private long stateP;
    private boolean hasData;
    /** How often it was lost. */
    private int losses;

    /**
     * A feed that was not heard of yet.
     *
     * @param number its place among the feeds, from 0
     * @param name   the name that clients use
     * @param nowUs  when the relay began to wait for it
     */
    public Feed(final int number, final String name, final long nowUs) {
        this.number = number;
        this.name = name;
        status = new FeedStatus(FeedState.STARTING, FeedIntroduction.WAITING, nowUs, -1, 0);
        loss = status;
    }

    /** Its place among the feeds, from 0. */
    public int number() {
        return number;
    }

    /** The name that clients use. */
    public String name() {
        return name;
    }

    /** Another feed begins in its place: it knows nothing of the venue. */
    void restart(final FeedStatus starting, final int maxSymbols) {
        status = starting;
        loss = starting;
        hasData = false;
        stateP = 0;
        maxDemand = maxSymbols == 0 ? ANY : maxSymbols;
    }

    /** The venue is asked only for symbols that subscriptions name; a session names at most {@code maxSymbols}. */
    public void serveOnDemand(final int maxSymbols) {
        maxDemand = maxSymbols;
    }

    /** Whether the venue is asked only for symbols that subscriptions name. */
    public boolean isOnDemand() {
        return maxDemand != ANY;
    }

    /** How many symbols a session may name exactly. */
    public int maxDemand() {
        return maxDemand;
    }

    /** Its state. */
    public FeedStatus status() {
        return status;
    }

    /** Its state when it was lost last: a later recovery makes no topic live. */
    public FeedStatus loss() {
        return loss;
    }

    /** Whether it is live. */
    public boolean isLive() {
        return status.state() == FeedState.LIVE;
    }

    /** Whether it is live and has sent an update; on demand the first subscription precedes it. Any thread. */
    public boolean isReady() {
        return isLive() && (isOnDemand() || hasData);
    }

    /** The position at which it was lost last; 0: never. What was stored up to there is stale. */
    public long lostP() {
        return stalePosition;
    }

    /** How often it was lost; what is confirmed after a loss is good until the next one. */
    int losses() {
        return losses;
    }

    /** The position at which it changed to a state, its present one or that of its last loss. */
    public long positionOf(final FeedStatus of) {
        return of == status ? stateP : stalePosition;
    }

    /** Whether it was lost at or after a position: what was stored up to there is stale. */
    public boolean isLostSince(final long p) {
        return p <= stalePosition;
    }

    void onData() {
        if (!hasData) {
            hasData = true;
        }
    }

    void onState(final FeedStatus changed, final long p) {
        status = changed;
        stateP = p;
        if (changed.state() == FeedState.STALE || changed.state() == FeedState.CLOSED) {
            stalePosition = p;
            loss = changed;
            losses++;
        }
    }
}
