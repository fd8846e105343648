package penstock.fanout;

import java.util.List;
import java.util.Optional;
import penstock.identity.SessionAccess;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.wire.request.SymbolList;
import penstock.wire.request.SymbolPattern;

/**
 * Notices requests that are valid and probably not what their author means: a symbol in another case than the venue's,
 * and patterns on a feed on demand. Owned by the shard's io thread.
 */
final class SubscribeHints {
    /** Names compared with all symbols: 5 with 10,000 take less than a millisecond of the io thread, in slices. */
    private static final int MAX_NAMES = 5;
    private static final String PATTERN = "the feed is on demand: a pattern matches only symbols that a subscription "
        + "names exactly";

    /** A sentence about the patterns of a request. */
    Optional<String> general(final Channel channel, final List<SymbolPattern> patterns) {
        return channel.feed().isOnDemand() && !SymbolList.of(patterns).patterns().isEmpty() ? Optional.of(PATTERN)
            : Optional.empty();
    }

    /** For how many of the names without a value there may be a sentence: the first ones. */
    static int count(final List<String> unknown) {
        return Math.min(unknown.size(), MAX_NAMES);
    }

    /** Whether a name without a value probably means that topic: one that the client may see, in another case. */
    static boolean isMeant(final SessionAccess access, final Channel channel, final String name, final Topic topic) {
        return topic.hasValue() && topic.symbol().equalsIgnoreCase(name) && !topic.symbol().equals(name)
            && access.permits(channel.path(), topic.symbol());
    }

    /** A sentence about a name. */
    static String otherCase(final String name, final String known) {
        return name + " is unknown, and " + known + " is known: case counts";
    }
}
