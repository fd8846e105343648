package penstock.system;

import java.util.LinkedHashSet;
import java.util.Set;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;

/**
 * A venue with a quote and a trade of each of a few symbols every few milliseconds, each with the time when it was
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
    /** A flood that only the relay and the socket limit. */
    static final int UNLIMITED = Integer.MAX_VALUE;
    private static final long EVERY_MS = 2;
    private static final int FLOOD_PER_TURN = 500;
    private static final long NS_PER_MS = 1_000_000;
    private static final int SYMBOLS = 4;

    private final String prefix;
    private final FeedServer server;
    private final Set<FeedClient> clients = new LinkedHashSet<>();
    /** Messages per millisecond; 0 = no flood. */
    private volatile int flood;
    private volatile boolean isSilent;
    private volatile long sent;
    private final long everyNs;
    private long nextNs;

    /** Its symbols are {@code prefix} and a number. */
    TickingVenue(final String prefix) {
        this(prefix, EVERY_MS);
    }

    /** The same, with that many milliseconds between two updates of a symbol. */
    TickingVenue(final String prefix, final long everyMs) {
        this.prefix = prefix;
        everyNs = everyMs * NS_PER_MS;
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

    /** Sends so many messages a millisecond, {@link #UNLIMITED} as fast as the relay takes them; 0 ends the flood. */
    void flood(final int messagesPerMs) {
        flood = messagesPerMs;
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
        final int perMs = flood;
        if (perMs == UNLIMITED && outlet.hasRoom()) {
            send(FLOOD_PER_TURN);
        } else if (perMs != UNLIMITED && !isSilent && nowNs >= nextNs && outlet.hasRoom()) {
            nextNs = nowNs + (perMs > 0 ? NS_PER_MS : everyNs);
            send(Math.max(SYMBOLS, perMs / 2));
        }
        return perMs == UNLIMITED ? nowNs : Math.max(nextNs, nowNs + 1);
    }

    @Override
    public void close() {
        server.close();
    }

    /** A quote and a trade of each symbol in turn, so often. */
    private void send(final int times) {
        for (int i = 0; i < times; i++) {
            final String rest = "\",\"s\":\"" + prefix + i % SYMBOLS + "\",\"sent\":" + System.nanoTime() + "}";
            for (final FeedClient client : clients) {
                client.send("{\"type\":\"quote" + rest);
                client.send("{\"type\":\"trade" + rest);
            }
            sent += 2;
        }
    }
}
