package penstock.link.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import penstock.ring.ConflationClass;
import penstock.ring.FeedState;

/**
 * The first message of a relay: what it has. Immutable.
 *
 * @param epoch         of its numbers
 * @param hops          the relays from the one that is connected to the venue to the one that answers; none = it does
 *                      not tell
 * @param feeds         its feeds
 * @param maxSymbols    how many symbols a session may name
 * @param requestBytes  the largest request
 * @param minIntervalMs the shortest interval
 * @param heartbeatMs   after how long without another message it sends a heartbeat
 */
public record Welcome(long epoch, List<String> hops, List<Feed> feeds, int maxSymbols, int requestBytes,
        int minIntervalMs, int heartbeatMs) {
    /**
     * A feed of it.
     *
     * @param state      its state now
     * @param reason     why; null if it does not tell
     * @param lostP      its topics up to this position are stale since the feed was lost; 0 = it never was
     * @param isOnDemand whether it has the symbols that subscriptions name, and no others
     */
    public record Feed(String name, FeedState state, String reason, long lostP, boolean isOnDemand,
            List<Channel> channels) {
        /** With a copy of the channels. */
        public Feed {
            channels = List.copyOf(channels);
        }
    }

    /** A channel of a feed. */
    public record Channel(String name, ConflationClass conflation, boolean isDefault) {
    }

    /** With copies of the lists. */
    public Welcome {
        hops = List.copyOf(hops);
        feeds = List.copyOf(feeds);
    }

    /** The same of a relay that is behind others since. */
    public Welcome behind(final List<String> others) {
        return new Welcome(epoch, others, feeds, maxSymbols, requestBytes, minIntervalMs, heartbeatMs);
    }

    /** The same with these feeds, which have the symbols that they have, and are asked for no others. */
    public Welcome with(final List<Feed> others) {
        final List<Feed> asTheyAre = others.stream().map(feed -> new Feed(feed.name(), feed.state(), feed.reason(),
            feed.lostP(), false, feed.channels())).toList();
        return new Welcome(epoch, hops, asTheyAre, maxSymbols, requestBytes, minIntervalMs, heartbeatMs);
    }

    /** Reads the message. */
    public static Welcome of(final MessageFields message) {
        final String protocol = message.text("protocol");
        if (!protocol.equals("penstock.v1")) {
            throw message.bad("protocol", "is not penstock.v1");
        }
        final List<MessageFields> offered = message.has("feeds") ? message.objects("feeds")
            : List.of(message.object("feed"));
        final List<Feed> feeds = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final MessageFields feed : offered) {
            feeds.add(feed(feed));
            if (!names.add(feed.text("name"))) {
                throw feed.bad("name", "is there twice");
            }
        }
        final MessageFields limits = message.object("limits");
        if (message.number("epoch") == 0) {
            throw message.bad("epoch", "is 0");
        }
        return new Welcome(message.number("epoch"), message.texts("hops"), feeds, small(limits, "symbols"),
            small(limits, "frameBytes"), small(limits, "minInterval"), small(message, "heartbeat"));
    }

    private static Feed feed(final MessageFields feed) {
        final List<Channel> channels = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final MessageFields channel : feed.objects("channels")) {
            channels.add(new Channel(channel.text("name"), conflation(channel), channel.flag("default")));
            if (!names.add(channel.text("name"))) {
                throw channel.bad("name", "is there twice");
            }
        }
        return new Feed(feed.text("name"), feedState(feed), feed.textOrNull("reason"), feed.number("lost", 0),
            feed.flag("onDemand"), channels);
    }

    /** The state of a feed, in the message that tells it. */
    public static FeedState feedState(final MessageFields message) {
        return switch (message.text("state")) {
            case "live" -> FeedState.LIVE;
            case "stale" -> FeedState.STALE;
            case "closed" -> FeedState.CLOSED;
            default -> throw message.bad("state", "is none of live, stale and closed");
        };
    }

    private static ConflationClass conflation(final MessageFields channel) {
        final String spelling = channel.text("class");
        return Arrays.stream(ConflationClass.values()).filter(each -> each.spelling().equals(spelling)).findFirst()
            .orElseThrow(() -> channel.bad("class", "is one that this relay does not know: is the other one newer?"));
    }

    private static int small(final MessageFields message, final String name) {
        return (int) Math.min(Integer.MAX_VALUE, message.number(name));
    }
}
