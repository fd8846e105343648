package penstock.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;

/**
 * The simulated venue over real sockets: some updates every 2 ms. Owned by the server's io thread; whoever reads the
 * market holds its monitor.
 */
final class MarketScript implements FeedScript {
    private static final long EVERY_NS = 2_000_000;
    private static final int MOST_AT_ONCE = 12;

    /** Whether anything is sent by itself. */
    volatile boolean isSending = true;
    /** Connections that were lost. */
    volatile int losses;
    private final Market market;
    private final Random random;
    private final Map<FeedClient, VenueAnswer> clients = new LinkedHashMap<>();
    private long nextNs;

    MarketScript(final Market market, final Random random) {
        this.market = market;
        this.random = random;
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        clients.put(client, new VenueAnswer(market));
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        synchronized (market) {
            final List<MarketTopic> images = new ArrayList<>();
            client.send(clients.get(client)
                .answer(new String(buffer, offset, length, StandardCharsets.UTF_8), images::add));
            for (final MarketTopic topic : images) {
                final long n = topic.send(0);
                topic.mayRepeat(n);
                clients.forEach((each, venue) -> send(each, venue, topic, n, each == client));
            }
        }
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client);
        losses++;
        synchronized (market) {
            market.disturbAll();
        }
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (isSending && nowNs >= nextNs) {
            nextNs = nowNs + EVERY_NS;
            synchronized (market) {
                for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
                    final MarketTopic topic = market.topics().get(random.nextInt(market.topics().size()));
                    final long n = topic.send(0);
                    clients.forEach((client, venue) -> send(client, venue, topic, n, false));
                }
            }
        }
        return clients.isEmpty() || !isSending ? NEVER : Math.max(nextNs, nowNs + 1);
    }

    private static void send(final FeedClient client, final VenueAnswer venue, final MarketTopic topic, final long n,
            final boolean isImage) {
        if (venue.isSubscribed(topic)) {
            client.send(topic.message(n, isImage));
        }
    }
}
