package penstock.wire;

import java.util.List;

/** A feed in the welcome message. Immutable. */
public record FeedInfo(String name, String state, List<ChannelInfo> channels) {
}
