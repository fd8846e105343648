package penstock.wire;

import java.util.List;

/** The feed in the welcome message. Immutable. */
public record FeedInfo(String name, String state, List<ChannelInfo> channels) {
}
