package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.wire.request.SymbolPattern;

/**
 * Notices requests that are valid and probably not what their author means: a symbol in another case than the venue's,
 * and patterns on a feed on demand. Owned by the shard's io thread.
 */
final class SubscribeHints {
    /** Names compared with all symbols of the channel: 5 with 10,000 take less than a millisecond. */
    private static final int MAX_NAMES = 5;
    private static final String PATTERN = "the feed is on demand: a pattern matches only symbols that a subscription "
        + "names exactly";

    private boolean isOnDemand;

    /** The venue is asked only for symbols that subscriptions name. */
    void onDemand() {
        isOnDemand = true;
    }

    /** Sentences about a request; {@code unknown}: its names without a value. */
    List<String> of(final Channel channel, final List<SymbolPattern> patterns, final List<String> unknown) {
        final List<String> hints = new ArrayList<>();
        if (isOnDemand && patterns.stream().anyMatch(pattern -> !pattern.isExact())) {
            hints.add(PATTERN);
        }
        for (final String name : unknown.subList(0, Math.min(unknown.size(), MAX_NAMES))) {
            final String known = inOtherCase(channel, name);
            if (known != null) {
                hints.add(name + " is unknown, and " + known + " is known: case counts");
            }
        }
        return hints;
    }

    private static String inOtherCase(final Channel channel, final String name) {
        for (final Topic topic : channel.topics()) {
            if (topic.hasValue() && topic.symbol().equalsIgnoreCase(name) && !topic.symbol().equals(name)) {
                return topic.symbol();
            }
        }
        return null;
    }
}
