package penstock;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;

/**
 * A venue that knows which topics it was asked for, and sends what the test says, asked or not. Its io thread hears the
 * requests; any thread sends.
 */
final class AskedVenue implements FeedScript, AutoCloseable {
    /** Its venue file: a subscription for each topic. */
    static final String FILE = """
        name = asked
        connection { reconnect { min = 10ms, max = 50ms } }
        channels { quote { class = last-value, default = true }, trade { class = event } }
        subscribe {
          message = \"""{"ask":{topics|json}}\""", unsubscribe = \"""{"leave":{topics|json}}\"""
          topic { quote = "quote:{symbol}", trade = "trade:{symbol}" }
          ack { mode = none }
        }
        messages { rules = [
          { name = quote, match { "$/type" = quote }, channel = quote, key = "$/s", emit = "$" }
          { name = trade, match { "$/type" = trade }, channel = trade, key = "$/s", emit = "$" }
        ] }
        """;
    private static final Pattern TOPIC = Pattern.compile("\"((?:quote|trade):[^\"]+)\"");

    private final FeedServer server = FeedServer.start(0, this);
    /** By open connection. */
    private final Map<FeedClient, Set<String>> asked = new ConcurrentHashMap<>();
    private final Set<FeedClient> connections = ConcurrentHashMap.newKeySet();
    private int value;

    String url() {
        return server.url("/");
    }

    /** Topics that it was asked for, like {@code quote:A}. */
    Set<String> asked() {
        final Set<String> all = new TreeSet<>();
        // one that shrinks meanwhile cannot be copied at once
        asked.values().forEach(own -> own.forEach(all::add));
        return all;
    }

    /** Sends the next number as a value of a topic. */
    int send(final String channel, final String symbol) {
        server.sendText("{\"type\":\"" + channel + "\",\"s\":\"" + symbol + "\",\"n\":" + ++value + "}");
        return value;
    }

    /** Sends a value of a topic, JSON text in the member {@code v}; returns the whole message. */
    String send(final String channel, final String symbol, final String json) {
        final String text = "{\"type\":\"" + channel + "\",\"s\":\"" + symbol + "\",\"v\":" + json + "}";
        server.sendText(text);
        return text;
    }

    /** Ends the connection of the relay. */
    void drop() {
        server.dropConnections();
    }

    /** How often the relay has connected, as far as it has asked for anything. */
    int connections() {
        return connections.size();
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        final String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
        connections.add(client);
        final Set<String> own = asked.computeIfAbsent(client, each -> new ConcurrentSkipListSet<>());
        for (final Matcher topic = TOPIC.matcher(text); topic.find();) {
            if (text.startsWith("{\"ask\"")) {
                own.add(topic.group(1));
            } else {
                own.remove(topic.group(1));
            }
        }
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        asked.remove(client);
    }

    @Override
    public void close() {
        server.close();
    }
}
