package penstock.feed.tick;

import penstock.feed.book.BookRecovery;
import penstock.feed.book.SnapshotSynchronizer;
import penstock.feed.request.LineListener;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.ErrorLog;
import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;
import penstock.venue.Venue;

/**
 * The way of the ticks of one line, from frame to ring, one stage for each question:
 *
 * <pre>
 *  UpstreamConnection ─► VenueDecoder ─► SequenceGate ─► LineLiveness ─┐
 *    bytes, frames       which topic,    duplicate,      the line      │
 *                        value, number   gap             sends data    │
 *  ┌───────────────────────────────────────────────────────────────────┘
 *  └► InterestFilter ─► BookRecovery ─► LineArbiter ─► TickOutlet ─► TickPublisher
 *       is there         snapshot and    of two lines   missed        the ring
 *       interest         deltas whole    the first      events
 *                                        CatchUp: one
 *                                        that is behind
 * </pre>
 *
 * <p>Each stage answers one question and calls nothing above it; "may this update go out?" is one expression, below.
 * Only a change of the line itself (live, ready to take over) goes up to its {@link LineListener}, once.
 *
 * <p>The line arbiter comes after the book: each line keeps its own books complete, with every change, even while the
 * other line is the first one; otherwise it could not go on alone. The numbers are compared while a message is read,
 * because a repetition must not reach the rules of a book: the gate decides what a gap or a duplicate means.
 *
 * <p>Owned by the feed thread.
 */
public final class TickPipeline {
    private final InterestFilter interest;
    private final TickOutlet outlet;
    private final BookRecovery books;
    private final LineArbiter lines;
    private final LineLiveness liveness;
    private final LineListener listener;
    private final Venue rules;
    private final ErrorLog errors;
    /** How the log calls the feed. */
    private final String title;
    private final EventSequenceTracker.Line line;
    private final CatchUp catchUp;
    private boolean isCandidate;
    private boolean isClosed;
    private long nowNs;

    /** {@code isCandidate}: another line is the present one of the connection. */
    public TickPipeline(final FeedStages stages, final Venue rules, final BookRecovery books, final LineArbiter lines,
            final LineLiveness liveness, final LineListener listener, final boolean isCandidate) {
        interest = stages.interest();
        outlet = stages.outlet();
        errors = stages.errors();
        title = stages.log().title();
        this.rules = rules;
        this.books = books;
        this.lines = lines;
        this.liveness = liveness;
        this.listener = listener;
        this.isCandidate = isCandidate;
        line = outlet.openLine(lines.group());
        catchUp = new CatchUp(lines, outlet);
    }

    /** The line is the present one of its connection. */
    public void promote() {
        isCandidate = false;
    }

    /** No further update counts. */
    public void close() {
        if (!isClosed) {
            isClosed = true;
            outlet.closeLine(line);
        }
    }

    /** Publishes the book whose snapshot was asked for: the snapshot, then the changes after it. */
    public void onSynced(final long receivedNs) {
        final SnapshotSynchronizer synced = books.synchronizer();
        nowNs = receivedNs;
        try {
            while (synced.next(receivedNs)) {
                if (interest.accepts(lines.group(), synced.topic())) {
                    if (!books.acceptsFetched(synced.channel(), synced.topic(), synced.slices())) {
                        return;
                    }
                    publish(synced.channel(), synced.topic(), synced.number(), Verdict.NEXT, synced.timeUs(),
                        synced.receivedNs(), synced.slices());
                }
            }
        } catch (RuntimeException | Error e) {
            errors.record(title + ": publishing a fetched snapshot", e);
        }
    }

    /** False once the line has ended: its updates mean nothing. */
    boolean acceptsFromLine(final long receivedNs, final long timeUs) {
        if (isClosed) {
            return false;
        }
        nowNs = receivedNs;
        liveness.onUpdate(isCandidate, receivedNs, timeUs);
        return true;
    }

    /** When the update was received, by the wall clock: in microseconds since 1970. */
    long epochUs() {
        return liveness.epochUs(nowNs);
    }

    void onUpdate(final int channel, final int topic, final long timeUs, final UpdateSlice slices) {
        if (!interest.accepts(lines.group(), topic)) {
            return;
        }
        if (outlet.isEventChannel(channel)) {
            publishEvent(channel, topic, timeUs, slices);
        } else if (books.accepts(channel, topic, timeUs, nowNs, slices)) {
            publish(channel, topic, rules.lastNumber(), rules.verdict(), timeUs, nowNs, slices);
        }
    }

    private void publish(final int channel, final int topic, final long number, final Verdict verdict,
            final long timeUs, final long receivedNs, final UpdateSlice slices) {
        if (slices.kind != UpdateKind.DELTA) {
            books.onComplete(topic);
        }
        // numbers that each connection has for itself say nothing about another one
        final long place = rules.isNumbered(channel) ? number : SequenceTracker.NONE;
        final boolean isAhead = isAhead(topic, timeUs, slices);
        UpdateSlice news = null;
        if (lines.isIncomplete(topic)) {
            news = catchUp.next(topic, place, verdict, nowNs, slices);
        } else {
            catchUp.forget(topic);
            if (isAhead && lines.accepts(topic, slices, place, verdict, nowNs)) {
                news = slices;
            }
        }
        if (news != null) {
            outlet.publish(channel, topic, timeUs, receivedNs, nowNs, news);
        }
    }

    /** The numbers of events show which are new, on any line. */
    private void publishEvent(final int channel, final int topic, final long timeUs, final UpdateSlice slices) {
        if (slices.kind != UpdateKind.DELTA) {
            books.onComplete(topic);
        }
        final boolean isAhead = isAhead(topic, timeUs, slices);
        if (rules.isEventId() ? outlet.isNewEvent(line, channel, topic, rules, slices, nowNs)
                : isAhead && lines.accepts(topic, slices, SequenceTracker.NONE, Verdict.NEXT, nowNs)) {
            lines.onAccepted(topic, nowNs);
            outlet.publishEvent(channel, topic, timeUs, nowNs, slices);
        }
    }

    private boolean isAhead(final int topic, final long timeUs, final UpdateSlice slices) {
        final boolean isAhead = lines.isAhead(isCandidate, topic, timeUs, slices);
        if (isCandidate && lines.isReady(isAhead, liveness.isComplete(), nowNs)) {
            listener.onReadyToTakeOver();
        }
        return isAhead;
    }
}
