package penstock.link;

import java.util.List;
import penstock.ring.FeedState;

/** A feed of the other relay, and its state there. Owned by the feed thread. */
final class LinkFeed {
    final int number;
    final String name;
    final List<LinkChannel> channels;
    /** The state at the other relay. */
    Status status;
    /** The state that was published last; null before the first one, or if the link was lost since. */
    FeedState published;
    /** The position at which it was published last that it is stale. */
    long stalePosition;
    /** The position at which the other relay had lost it last, as its welcome says. */
    long lostP;

    /**
     * Its state.
     *
     * @param retryInMs negative when unknown
     * @param p         the position since which it has it
     */
    record Status(FeedState state, String reason, long sinceUs, long retryInMs, long p) {
    }

    LinkFeed(final int number, final String name, final List<LinkChannel> channels) {
        this.number = number;
        this.name = name;
        this.channels = List.copyOf(channels);
    }

    /** A status was received; it counts once its position is released. */
    void onReceived(final Status received) {
        if (received.state != FeedState.LIVE) {
            channels.forEach(channel -> channel.confirmed().onLossReceived());
        }
    }

    /** It counts from now on. */
    void onReleased(final Status received) {
        status = received;
        if (received.state != FeedState.LIVE) {
            channels.forEach(channel -> channel.confirmed().onLoss());
        }
    }

    /** It is published that all is stale up to a position. */
    void onStale(final long p) {
        stalePosition = p;
        channels.forEach(channel -> channel.confirmed().onStale());
    }

    /** Whether the other relay has lost it since the position was published at which that is known to have happened. */
    boolean isLostSince() {
        return lostP > stalePosition || channels.stream().anyMatch(channel -> channel.confirmed().isLostAgain());
    }

    boolean isClosed() {
        return status.state == FeedState.CLOSED;
    }
}
