package penstock.feed.tick;

import java.util.function.IntConsumer;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;

/**
 * Of two lines, which one sent the update first? Two lines of one connection are compared during a rollover, by the
 * {@link Handover}; the two connections of a redundant group, and a connection with the one before it, by the {@link
 * Arbiter}. One per connection. Owned by the feed thread.
 */
public final class LineArbiter {
    private final Arbiter arbiter;
    private final Counters counters;
    private final int group;
    private final ConnectionState state;
    private LineArbiter twin;
    private boolean isFirstOfPair;
    private Handover handover;

    /** {@code group}: the number of the connection group. */
    public LineArbiter(final FeedStages stages, final int group, final ConnectionState state) {
        arbiter = stages.arbiter();
        counters = stages.counters();
        this.group = group;
        this.state = state;
    }

    /** The other connection of a redundant group sends the same. */
    public void pairWith(final LineArbiter second) {
        twin = second;
        second.twin = this;
        isFirstOfPair = true;
    }

    /** A second line is made, which will send the same as the present one. */
    public void beginHandover() {
        handover = new Handover(handover);
    }

    /** The second line is the present one from now on; updates of the first one are not accepted twice. */
    public void onTakenOver() {
        handover.onTakenOver();
    }

    /** The first line has ended before; {@code behind} receives the topics of which it had sent more. */
    public void promoteSecond(final IntConsumer behind) {
        if (handover != null) {
            handover.onOldEnded(behind);
        }
    }

    /** Whether two lines send, or one did a moment ago that has more than the present one. */
    public boolean isHandingOver() {
        return handover != null;
    }

    /** Only one line sends. */
    public void endHandover() {
        handover = null;
    }

    /** The second line has ended before it took over; {@code orphaned} receives the topics that belonged to it. */
    public void failHandover(final IntConsumer orphaned) {
        if (handover != null) {
            handover.fail(orphaned);
        }
    }

    /** The topic is gone. */
    public void forget(final int topic) {
        if (handover != null) {
            handover.forget(topic);
        }
    }

    public ConnectionState state() {
        return state;
    }

    int group() {
        return group;
    }

    /** Whether the other line of this connection has not sent the update before. */
    boolean isAhead(final boolean isCandidate, final int topic, final long timeUs, final UpdateSlice slices) {
        if (!isCandidate) {
            state.onAccepted();
        }
        return handover == null || handover.accepts(isCandidate, topic, timeUs, slices);
    }

    /** Whether the candidate may take over; see {@link Handover#isReady}. */
    boolean isReady(final boolean isAhead, final boolean isComplete, final long nowNs) {
        return handover.isReady(isAhead, isComplete, nowNs);
    }

    /**
     * Whether no other connection has sent the update before.
     *
     * @param number  the venue's
     * @param verdict how it follows the numbers before it on its own line
     * @param nowNs   when its line was last read
     */
    boolean accepts(final int topic, final UpdateSlice slices, final long number, final Verdict verdict,
            final long nowNs) {
        if (!isFirst(topic, slices, number, verdict)) {
            counters.increment(Counter.FEED_ARBITRATED);
            return false;
        }
        onAccepted(topic, nowNs);
        return true;
    }

    /** Whether two lines miss updates of the topic: what this one sends of it goes through its {@link CatchUp}. */
    boolean isIncomplete(final int topic) {
        return twin != null && arbiter.isIncomplete(topic);
    }

    /** This line can go on with an incomplete topic. */
    void onCaughtUp(final int topic, final long number, final long nowNs) {
        arbiter.onCaughtUp(topic, number, state);
        onAccepted(topic, nowNs);
    }

    /** The newest published number of the topic. */
    long newest(final int topic) {
        return arbiter.newest(topic);
    }

    /** Whether all that is open was connected after the newest update of the topic. */
    boolean isNewSince(final int topic) {
        final long ns = arbiter.acceptedNs(topic);
        return state.isLiveAfter(ns) && (!twin.state.isLive() || twin.state.isLiveAfter(ns));
    }

    /** An update of this connection is published, perhaps of a line that has not taken over yet. */
    void onAccepted(final int topic, final long nowNs) {
        arbiter.onAccepted(topic, group, nowNs);
    }

    private boolean isFirst(final int topic, final UpdateSlice slices, final long number, final Verdict verdict) {
        if (twin != null && (twin.state.isLive() || state.mayLagBehind(twin.state))) {
            return number == SequenceTracker.NONE ? isLeading()
                : arbiter.acceptsOfTwo(topic, number, verdict, state, twin.state);
        }
        // a change of a book builds on the snapshot of its own connection: none may be left out, even if the venue
        // restarts its numbering
        if (slices.levels == null && (state.isYoung() || handover != null)) {
            return verdict.isNewCount() ? arbiter.onUpdate(topic, number)
                : arbiter.acceptsOfYoung(topic, slices.kind, number, handover == null);
        }
        return arbiter.onUpdate(topic, number);
    }

    /** The connection that went live first leads. */
    private boolean isLeading() {
        return !twin.state.isLive() || state.isLongerLiveThan(twin.state)
            || isFirstOfPair && !twin.state.isLongerLiveThan(state);
    }
}
