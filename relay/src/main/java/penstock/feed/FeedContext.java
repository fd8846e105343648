package penstock.feed;

import penstock.feed.book.SnapshotQueue;
import penstock.feed.book.SnapshotQueues;
import penstock.feed.book.SnapshotSource;
import penstock.feed.request.LearnedAnswers;
import penstock.feed.tick.FeedStages;
import penstock.telemetry.Counters;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.SubscribeSpec;

/**
 * The parts that all connections of one feed share. Owned by the feed thread.
 *
 * @param stages    the common stages of their ticks
 * @param fetched   fetches snapshots over HTTP
 * @param learned   what any connection has learned of the venue's answers
 */
record FeedContext(
        FeedPlan plan, FeedClock clock, FeedDialer dialer, FeedStages stages, SnapshotQueue fetched,
        LearnedAnswers learned) {
    ConnectionSpec connection() {
        return plan.venue().connection();
    }

    SubscribeSpec subscribe() {
        return plan.venue().subscribe();
    }

    /** How the log calls the feed. */
    String title() {
        return plan.place().title();
    }

    Counters counters() {
        return stages.counters();
    }

    /** For a line that sends requests for snapshots over {@code line}. */
    SnapshotQueues snapshots(final SnapshotSource line) {
        return new SnapshotQueues(fetched, new SnapshotQueue(title(), line, clock, dialer.random(), counters()));
    }

    Contest newContest() {
        return new Contest(connection().limits().logins(), clock, counters(), dialer.random());
    }

    BackOff newBackOff() {
        return dialer.newBackOff(connection());
    }
}
