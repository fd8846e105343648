package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import penstock.wire.SubscriptionOptions;

/**
 * Limits as a subscriber measures them: buckets of what the interval, or 100 ms, fills in. Bytes may be a message too
 * many.
 */
final class ReferenceRateLimit {
    /** A gap is sent even with an empty bucket. */
    private static final double SLACK_BYTES = 100;
    private SubscriptionOptions terms = SubscriptionOptions.UNSPECIFIED;
    private double updates;
    private double bytes;
    private long filledNs;
    /** What the next message needs was sent with the last of the bytes. */
    private boolean isAnnounced;

    void keepTo(final SubscriptionOptions now, final long nowNs) {
        terms = now;
        filledNs = nowNs;
        updates = most(now.maxRate());
        bytes = most(now.maxBytes());
    }

    void announced(final int sentBytes, final long atNs, final String name) {
        sent(0, sentBytes, atNs, name);
        isAnnounced = true;
    }

    void sent(final int sentUpdates, final int sentBytes, final long atNs, final String name) {
        final double seconds = (atNs - filledNs) * 1e-9;
        filledNs = atNs;
        updates = Math.min(most(terms.maxRate()), updates + seconds * terms.maxRate()) - sentUpdates;
        bytes = Math.min(most(terms.maxBytes()), bytes + seconds * terms.maxBytes());
        assertThat(terms.maxRate() == 0 || updates > -0.01)
            .as(name + " updates: " + updates + " left of " + terms.maxRate()).isTrue();
        assertThat(terms.maxBytes() == 0 || isAnnounced || bytes > -SLACK_BYTES)
            .as(name + " bytes: " + bytes + " left of " + terms.maxBytes()).isTrue();
        bytes -= sentBytes;
        isAnnounced = false;
    }

    private double most(final long perSecond) {
        return Math.max(1, perSecond * Math.max(0.1, terms.intervalMs() * 1e-3));
    }
}
