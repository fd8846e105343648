package penstock.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;

/**
 * A venue with very many symbols, read by the rules of {@link NumberedVenue}: it quotes each of them once, then symbols
 * at random. Called on the server's io thread.
 */
final class ManyTopics implements FeedScript {
    private static final long TURN_NS = 5_000_000;

    private final int symbols;
    private final int perTurn;
    private final SplittableRandom random;
    private final List<FeedClient> clients = new ArrayList<>();
    private int quoted;
    private long updates;

    ManyTopics(final int symbols, final int perSecond, final long seed) {
        this.symbols = symbols;
        perTurn = (int) Math.max(1, perSecond * TURN_NS / 1_000_000_000L);
        random = new SplittableRandom(seed);
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        clients.add(client);
        quoted = 0;
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        clients.remove(client);
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        if (clients.isEmpty()) {
            return NEVER;
        }
        if (quoted < symbols) {
            while (quoted < symbols && outlet.hasRoom()) {
                quote(quoted++);
            }
            return nowNs;
        }
        for (int i = 0; i < perTurn && outlet.hasRoom(); i++) {
            quote(random.nextInt(symbols));
        }
        return nowNs + TURN_NS;
    }

    private void quote(final int symbol) {
        final long cents = 10_000 + ++updates % 10_000;
        final String text = "{\"s\":\"" + NumberedVenue.symbol(symbol) + "\",\"w\":"
            + System.currentTimeMillis() * 1_000 + ",\"v\":{\"bid\":" + cents + "e-2,\"ask\":" + (cents + 2)
            + "e-2,\"bidSize\":" + updates % 100 + ",\"askSize\":" + updates % 77 + "}}";
        clients.forEach(client -> client.send(text));
    }
}
