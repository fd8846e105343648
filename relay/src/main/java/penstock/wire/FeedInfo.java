package penstock.wire;

import java.util.List;

/**
 * A feed in the welcome message. Immutable.
 *
 * @param lostP      for another relay: the position at which the feed was lost last; 0 = not shown
 * @param isOnDemand whether it has the symbols that subscriptions name, and no others
 */
public record FeedInfo(String name, String state, boolean isOnDemand, List<ChannelInfo> channels, long lostP) {
    /** For a subscriber. */
    public FeedInfo(final String name, final String state, final boolean isOnDemand, final List<ChannelInfo> channels) {
        this(name, state, isOnDemand, channels, 0);
    }
}
