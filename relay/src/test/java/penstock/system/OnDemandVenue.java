package penstock.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;

/**
 * A venue that sends what each connection asked for, knows no symbol that begins with X, and has no value of those that
 * begin with Q until it trades them. Owned by the server's io
 * thread.
 */
final class OnDemandVenue implements FeedScript {
    private static final long EVERY_NS = 2_000_000;
    private static final Pattern REQUEST = Pattern.compile("\\{\"(sub|unsub)\":\\[\"(.*)\"],\"id\":(\\d+)}");
    private static final String FILE =
        """
        name = wished
        connection { idle { any-frame = 5s, data = 5s }, reconnect { min = 10ms, max = 50ms, reset-after = 60s }, %s }
        channels { quote { class = last-value, default = true } }
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          batch = 50
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s }
        }
        messages { rules = [
          { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", seq { rule = increasing, at = "$/n" }, emit = "$" }
          { name = answer, match { "$/ok" = true }, as = ack }
          { name = refusal, match { "$/ok" = false }, as = nack }
        ] }
        """;

    /** By symbol, how many connections ask for it now; read by any thread. */
    final Map<String, Integer> asked = new ConcurrentHashMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    volatile int mostOnOne;
    volatile boolean tradesAll;
    private final Map<FeedClient, Set<String>> clients = new ConcurrentHashMap<>();
    private long number;
    private long nextNs;

    /** The venue's file; {@code connection}: more keys of that section. */
    static Path file(final Path folder, final String connection) throws IOException {
        return Files.writeString(folder.resolve("wished.conf"), FILE.formatted(connection));
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        clients.put(client, new LinkedHashSet<>());
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        final String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
        requests.add(text);
        final Matcher request = REQUEST.matcher(text);
        if (!request.matches()) {
            throw new IllegalStateException(text);
        }
        final boolean asks = request.group(1).equals("sub");
        final List<String> symbols = List.of(request.group(2).split("\",\""));
        final boolean isFine = !asks || symbols.stream().noneMatch(symbol -> symbol.startsWith("X"));
        client.send("{\"ok\":" + isFine + ",\"id\":" + request.group(3)
            + (isFine ? "}" : ",\"why\":\"unknown symbol\"}"));
        if (isFine) {
            final Set<String> its = clients.get(client);
            for (final String symbol : symbols) {
                if (asks ? its.add(symbol) : its.remove(symbol)) {
                    asked.merge(symbol, asks ? 1 : -1, (was, more) -> was + more == 0 ? null : was + more);
                }
            }
            mostOnOne = Math.max(mostOnOne, its.size());
        }
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client)
            .forEach(symbol -> asked.merge(symbol, -1, (was, more) -> was + more == 0 ? null : was + more));
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (nowNs >= nextNs && outlet.hasRoom()) {
            number++;
            clients.forEach((client, symbols) -> symbols.stream()
                .filter(symbol -> tradesAll || !symbol.startsWith("Q")).forEach(symbol -> client.send("{\"s\":\"" + symbol + "\",\"n\":" + number + ",\"sent\":" + System.nanoTime() + "}")));
            nextNs = nowNs + EVERY_NS;
        }
        return nextNs;
    }
}
