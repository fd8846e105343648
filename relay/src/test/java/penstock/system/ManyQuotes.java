package penstock.system;

import java.util.ArrayList;
import java.util.List;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;

/**
 * A feed of many symbols, each quoted once, and then one of them every 5 ms: its value is the time at which it was
 * sent. Called on the server's io thread.
 */
final class ManyQuotes implements FeedScript {
    /** The symbol that is quoted again and again. */
    static final String PULSE = "S0";
    private static final long PULSE_NS = 5_000_000;

    private final List<FeedClient> clients = new ArrayList<>();
    private final int symbols;
    private int quoted;

    ManyQuotes(final int symbols) {
        this.symbols = symbols;
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
        while (!clients.isEmpty() && quoted < symbols && outlet.hasRoom()) {
            quote("S" + quoted++, quoted);
        }
        if (clients.isEmpty()) {
            return NEVER;
        }
        quote(PULSE, System.nanoTime());
        return quoted < symbols ? nowNs : nowNs + PULSE_NS;
    }

    private void quote(final String symbol, final long value) {
        final String text = "{\"symbol\":\"" + symbol + "\",\"sent\":" + value + ",\"bid\":1.10342,\"ask\":1.10344}";
        clients.forEach(client -> client.send(text));
    }
}
