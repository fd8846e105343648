package penstock.feed.book;

import penstock.venue.book.SnapshotSpec;

/**
 * Where one line asks for snapshots. Owned by the feed thread.
 *
 * @param fetched over HTTP, for all lines of the feed
 * @param sent    on the line's own connection
 */
public record SnapshotQueues(SnapshotQueue fetched, SnapshotQueue sent) {
    SnapshotQueue of(final SnapshotSpec spec) {
        return spec.request() == null ? fetched : sent;
    }
}
