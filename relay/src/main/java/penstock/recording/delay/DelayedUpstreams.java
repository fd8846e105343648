package penstock.recording.delay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import penstock.config.ConfigUnits;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingEntry;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;
import penstock.upstream.SnapshotFetch;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.Venue;
import penstock.venue.replay.PayloadPacker;
import penstock.venue.spec.UpstreamUrl;

/**
 * Connects a feed to the recording of another one, so long after its receipt. All connections are at the same place of
 * the recording, and a new one goes on where the last one ended. Where the recorded connection ended, or messages are
 * missing, the connection is lost too: so the delayed feed is stale as long as the other one was. Owned by the feed
 * thread.
 */
public final class DelayedUpstreams implements UpstreamFactory, DelayedBatch.User {
    private static final long RETRY_MS = 60_000;

    private final ThreadOwner owner = new ThreadOwner();
    private final DelayedFeed feed;
    private final FeedClock clock;
    private final Venue venue;
    private final DelayedReader reader;
    private final DelayedSnapshots snapshots;
    private final List<DelayedConnection> connections = new ArrayList<>();
    private boolean isStarted;
    /** Null while the reader has handed over nothing. */
    private DelayedReader.Due due;

    DelayedUpstreams(final DelayedFeed feed, final Venue venue, final RecordingClock recordingClock,
            final FeedClock clock) {
        this.feed = feed;
        this.clock = clock;
        this.venue = venue;
        snapshots = new DelayedSnapshots(clock);
        final RecordedSpan span = RecordedSpan.following(feed.directory(), feed.of(),
            new RecordedSpan.Span(recordingClock.nowNs() - feed.lagNs(), Long.MAX_VALUE, true, true));
        reader = new DelayedReader(span, recordingClock, feed.lagNs(), clock, this::onDue);
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
        assert owner.check();
        final DelayedConnection connection = new DelayedConnection(this, clock, venue.replay(),
            PayloadPacker.of(venue.connection()), listener);
        connections.add(connection);
        if (!isStarted) {
            isStarted = true;
            reader.start();
        } else if (due != null && !due.batch().isEmpty()) {
            clock.execute(this::use);
        }
        return connection;
    }

    @Override
    public SnapshotFetch snapshots() {
        return snapshots;
    }

    /** Ends its thread. Any thread. */
    void stop() {
        reader.stop();
    }

    /** A connection takes messages from now on. */
    void onTaking() {
        clock.execute(this::use);
    }

    void onEnded(final DelayedConnection connection) {
        connections.remove(connection);
    }

    private void onDue(final DelayedReader.Due newDue) {
        assert owner.check();
        due = newDue;
        for (final DelayedConnection each : List.copyOf(connections)) {
            each.onTick();
        }
        use();
    }

    /** Uses what is due, if somebody takes it; the next batch comes when it is all used. */
    private void use() {
        if (due == null) {
            return;
        }
        openOrRefuse();
        if (due == null) {
            return;
        }
        due.batch().use(this);
        if (due.batch().isEmpty() && due.problem() != null) {
            loseOpen(UpstreamLoss.of(LossReason.DISCONNECTED, due.problem(), true));
        }
        for (final DelayedConnection each : List.copyOf(connections)) {
            each.onBatchEnd();
        }
        if (due != null && due.batch().isEmpty()) {
            final Runnable onUsed = due.onUsed();
            due = null;
            onUsed.run();
        }
    }

    private void openOrRefuse() {
        if (connections.stream().allMatch(DelayedConnection::isWaiting)) {
            due.batch().skipBreaks();
        }
        for (final DelayedConnection each : List.copyOf(connections)) {
            if (each.isWaiting() && due.batch().isEmpty() && due.problem() != null) {
                each.lose(UpstreamLoss.of(LossReason.UNREACHABLE, due.problem(), false));
            } else if (each.isWaiting() && !due.batch().isEmpty()) {
                each.open();
            } else if (each.isWaiting()) {
                final long waitMs = TimeUnit.NANOSECONDS.toMillis(due.nextNs() < 0 ? feed.lagNs() : due.nextNs());
                each.lose(new UpstreamLoss(LossReason.UNREACHABLE, "the recording of feed " + feed.of()
                    + (due.nextNs() < 0 ? " has nothing yet; the first values are due after "
                    + ConfigUnits.duration(TimeUnit.NANOSECONDS.toMillis(feed.lagNs()))
                    : " has no values yet that are old enough; the first are due in " + minutes(waitMs)), false, 0,
                    Math.min(RETRY_MS, waitMs)));
            }
        }
    }

    private static String minutes(final long ms) {
        return ms < RETRY_MS ? ms / 1_000 + " s" : ms / RETRY_MS + " min";
    }

    @Override
    public boolean onMessage(final RecordingEntry.Kind kind, final long source, final byte[] buffer, final int offset,
            final int length) {
        boolean isTaken = false;
        for (int i = connections.size() - 1; i >= 0; i--) {
            // one that loses its connection by the message removes itself
            if (i < connections.size() && connections.get(i).isTaking()) {
                isTaken = true;
                connections.get(i).onMessage(kind, source, buffer, offset, length);
            }
        }
        return isTaken;
    }

    @Override
    public void onFetched(final long key, final byte[] body) {
        snapshots.onFetched(key, body);
    }

    @Override
    public void onBreak(final boolean isLoss, final long missing) {
        final UpstreamLoss loss = UpstreamLoss.of(LossReason.DISCONNECTED, !isLoss
            ? "the connection of feed " + feed.of() + " ended at this time"
            : "the recording of feed " + feed.of() + " lacks " + (missing == 0 ? "messages" : missing + " messages")
            + " at this time", true);
        loseOpen(loss);
    }

    private void loseOpen(final UpstreamLoss loss) {
        for (final DelayedConnection each : List.copyOf(connections)) {
            if (!each.isWaiting()) {
                each.lose(loss);
            }
        }
    }
}
