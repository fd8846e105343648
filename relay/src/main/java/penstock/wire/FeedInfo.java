package penstock.wire;

import java.util.List;

/** The feed as the welcome tells it. Immutable. */
public record FeedInfo(String name, String state, List<ChannelInfo> channels) {
}
