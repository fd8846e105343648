package penstock.ring;

/** A change of a feed's state: rare, and never conflated, since each is published. Owned by the feed thread. */
final class PendingFeedStatus extends PendingEntry {
    final FeedState state;
    final String reason;
    final long sinceUs;
    final long retryInMs;

    PendingFeedStatus(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs) {
        super(feed);
        this.state = state;
        this.reason = reason;
        this.sinceUs = sinceUs;
        this.retryInMs = retryInMs;
    }
}
