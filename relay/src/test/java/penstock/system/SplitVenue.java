package penstock.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;

/**
 * A venue with one symbol on each connection. It counts the messages of a connection, and calls the symbol by a number
 * that is 7 on each of them. Each symbol has the same trades on all connections. Owned by the server's io thread.
 */
final class SplitVenue implements FeedScript {
    private static final long EVERY_NS = 1_000_000;
    private static final Pattern REQUEST = Pattern.compile("\\{\"sub\":\"(.+)\"}");
    private static final String FILE = """
        name = split
        connection { max-subscriptions = 1, max-connections = 8, reconnect { min = 10ms, max = 50ms } }
        channels { quote { class = last-value, default = true } }
        subscribe {
          message = \"""{"sub":"{symbols}"}\"""
          batch = 1
          ack { mode = none }
        }
        frame-seq { rule = increment, at = "$/n", start = 1, match { "$/n" = "*" }, on-gap = reconnect }
        messages { rules = [
          { name = announced, match { "$/name" = "*" }, as = ignore
            learn { map = names, id = "$/id", set { symbol = "$/name" } } }
          { name = quote, match { "$/p" = "*" }, channel = quote, key = "$/id | map(names, symbol)"
            seq { rule = increasing, at = "$/t" }, emit = "$" }
        ] }
        """;

    private final Map<FeedClient, Line> lines = new LinkedHashMap<>();
    private long trade;
    private long nextNs;
    private volatile boolean isSilent;

    private static final class Line {
        private final String symbol;
        private long number;

        private Line(final String symbol) {
            this.symbol = symbol;
        }
    }

    /** The venue's file. */
    static String file(final Path folder) throws IOException {
        return Files.writeString(folder.resolve("split.conf"), FILE).toString();
    }

    /** It sends nothing more. */
    void silence() {
        isSilent = true;
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        final Matcher request = REQUEST.matcher(new String(buffer, offset, length, StandardCharsets.UTF_8));
        if (request.matches()) {
            lines.put(client, new Line(request.group(1)));
            client.send("{\"id\":7,\"name\":\"" + request.group(1) + "\"}");
        }
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        lines.remove(client);
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (nowNs >= nextNs && !isSilent && outlet.hasRoom()) {
            nextNs = nowNs + EVERY_NS;
            trade++;
            lines.forEach((client, line) -> client.send("{\"id\":7,\"n\":" + ++line.number + ",\"t\":" + trade
                + ",\"p\":\"" + line.symbol + " " + trade + "\",\"sent\":" + System.nanoTime() + "}"));
        }
        return Math.max(nextNs, nowNs + 1);
    }
}
