package penstock.client;

import java.util.LinkedHashMap;
import java.util.Map;
import penstock.client.value.CharRanges;
import penstock.client.value.JsonCursor;

/**
 * The feeds of a relay, from its welcome: their states, and the conflation classes of their channels.
 *
 * <p>Owned by the client's thread.
 */
final class FeedList {
    private final Map<String, ValueState> states = new LinkedHashMap<>();
    /** Class by feed and channel; the default channel is null. */
    private final Map<String, Map<String, String>> classes = new LinkedHashMap<>();

    /** Reads one feed, or an array of them. */
    void read(final String json) {
        final char[] text = json.toCharArray();
        states.clear();
        classes.clear();
        if (text.length > 0 && text[0] == '[') {
            final JsonCursor feeds = new JsonCursor();
            feeds.enterArray(text, 0, text.length);
            while (feeds.nextElement()) {
                readFeed(text, feeds.from(), feeds.to());
            }
        } else {
            readFeed(text, 0, text.length);
        }
    }

    private void readFeed(final char[] text, final int from, final int to) {
        final JsonCursor feed = new JsonCursor();
        final Map<String, String> channels = new LinkedHashMap<>();
        String name = null;
        ValueState state = ValueState.STALE;
        feed.enterObject(text, from, to);
        while (feed.nextMember()) {
            if (feed.isNamed("name")) {
                name = CharRanges.content(text, feed.from(), feed.to());
            } else if (feed.isNamed("state")) {
                state = ValueState.of(CharRanges.content(text, feed.from(), feed.to()));
            } else if (feed.isNamed("channels")) {
                readChannels(text, feed.from(), feed.to(), channels);
            }
        }
        states.put(name, state);
        classes.put(name, channels);
    }

    private static void readChannels(final char[] text, final int from, final int to,
            final Map<String, String> classes) {
        final JsonCursor channels = new JsonCursor();
        final JsonCursor channel = new JsonCursor();
        channels.enterArray(text, from, to);
        while (channels.nextElement()) {
            String name = null;
            String kind = null;
            boolean isDefault = false;
            channel.enterObject(text, channels.from(), channels.to());
            while (channel.nextMember()) {
                final String value = CharRanges.content(text, channel.from(), channel.to());
                name = channel.isNamed("name") ? value : name;
                kind = channel.isNamed("class") ? value : kind;
                isDefault |= channel.isNamed("default") && value.equals("true");
            }
            classes.put(name, kind);
            if (isDefault) {
                classes.put(null, kind);
            }
        }
    }

    /** A feed's own name; that of the first one for null. */
    String name(final String feed) {
        return feed == null && !states.isEmpty() ? states.keySet().iterator().next() : feed;
    }

    void set(final String feed, final ValueState state) {
        states.put(name(feed), state);
    }

    boolean isLive(final String feed) {
        return states.get(name(feed)) == ValueState.LIVE;
    }

    /** The conflation class of a channel; null if it is not known. */
    String classOf(final String feed, final String channel) {
        final Map<String, String> channels = classes.get(name(feed));
        return channels == null ? null : channels.get(channel);
    }

    /** State by name. */
    Map<String, ValueState> states() {
        return new LinkedHashMap<>(states);
    }
}
