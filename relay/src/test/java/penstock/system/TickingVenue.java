package penstock.system;

import java.util.LinkedHashSet;
import java.util.Set;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;

/**
 * A venue with a quote and a trade of each of a few symbols every two milliseconds, each with the time when it was
 * sent. It can be killed, and can flood. Called on the server's io thread; its switches may be set from any.
 */
final class TickingVenue implements FeedScript, AutoCloseable {
    /** A venue file for any of them. */
    static final String FILE = """
        name = ticking
        connection { reconnect { min = 10ms, max = 50ms } }
        channels { quote { class = last-value, default = true }, trade { class = event } }
        subscribe { message = \"""{"sub":{symbols|json}}\""", ack { mode = none } }
        messages { rules = [
          { name = quote, match { "$/type" = quote }, channel = quote, key = "$/s", emit = "$" }
          { name = trade, match { "$/type" = trade }, channel = trade, key = "$/s", emit = "$" }
          { name = rejected, match { "$/type" = rejected }, as = error, classify = [{ match { "$" = "*" }, do = fatal }] }
        ] }
        """;
    private static final long EVERY_NS = 2_000_000;
    private static final int FLOOD_PER_TURN = 500;
    private static final int SYMBOLS = 4;

    private final String prefix;
    private final FeedServer server;
    private final Set<FeedClient> clients = new LinkedHashSet<>();
    private volatile boolean isFlooding;
    private volatile boolean isSilent;
    private volatile long sent;
    private long nextNs;

    /** Its symbols are {@code prefix} and a number. */
    TickingVenue(final String prefix) {
        this.prefix = prefix;
        server = FeedServer.start(0, this);
    }

    String url() {
        return server.url("/");
    }

    /** Messages sent, to each client. */
    long sent() {
        return sent;
    }

    void kill() {
        server.kill();
    }

    void restart() {
        server.restart();
    }

    /** Rejects the relay permanently. */
    void reject() {
        server.sendText("{\"type\":\"rejected\"}");
    }

    /** Sends nothing, and stays connected. */
    void silence(final boolean begins) {
        isSilent = begins;
    }

    /** Sends as fast as the relay takes it. */
    void flood(final boolean begins) {
        isFlooding = begins;
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        clients.add(client);
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client);
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (isFlooding && outlet.hasRoom()) {
            for (int i = 0; i < FLOOD_PER_TURN; i++) {
                send(i % SYMBOLS);
            }
        } else if (!isFlooding && !isSilent && nowNs >= nextNs) {
            nextNs = nowNs + EVERY_NS;
            for (int i = 0; i < SYMBOLS; i++) {
                send(i);
            }
        }
        return isFlooding ? nowNs : Math.max(nextNs, nowNs + 1);
    }

    @Override
    public void close() {
        server.close();
    }

    private void send(final int symbol) {
        final String rest = "\",\"s\":\"" + prefix + symbol + "\",\"sent\":"
            + System.nanoTime() + "}";
        for (final FeedClient client : clients) {
            client.send("{\"type\":\"quote" + rest);
            client.send("{\"type\":\"trade" + rest);
        }
        sent += 2;
    }
}
