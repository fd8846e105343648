package penstock.ring;

/** A name that cannot be served and has no topic. Owned by the feed thread. */
final class PendingRefusal extends PendingEntry {
    final int channel;
    final byte[] name;
    final String reason;
    final long sinceUs;

    PendingRefusal(final int feed, final int channel, final byte[] name, final String reason, final long sinceUs) {
        super(feed);
        this.channel = channel;
        this.name = name;
        this.reason = reason;
        this.sinceUs = sinceUs;
    }
}
