package penstock.wire;

import java.util.List;

/**
 * A feed in the welcome message. Immutable.
 *
 * @param isOnDemand whether it has the symbols that subscriptions name, and no others
 */
public record FeedInfo(String name, String state, boolean isOnDemand, List<ChannelInfo> channels) {
}
