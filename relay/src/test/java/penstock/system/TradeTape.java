package penstock.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.VenueFileScript;
import penstock.replay.VenueScript;

/**
 * A Binance of two symbols whose trades come when the test wants them. Called on the server's io thread; {@link #upTo}
 * from any.
 */
final class TradeTape implements FeedScript {
    private static final long LOOK_EVERY_NS = 1_000_000;
    private static final String[] SYMBOLS = {"BTCUSDT", "ETHUSDT"};

    private final VenueScript answers = VenueFileScript.load("binance");
    private final List<FeedClient> subscribed = new ArrayList<>();
    private volatile int target;
    private int sent;

    /** Sends trades until there were {@code count} of each symbol. */
    void upTo(final int count) {
        target = count;
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        answers.onOpen().forEach(client::send);
    }

    @Override
    public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
        final VenueScript.Answer answer = answers.answer(buffer, offset, length);
        answer.texts().forEach(client::send);
        if (answer.starts() && !subscribed.contains(client)) {
            subscribed.add(client);
        }
    }

    @Override
    public void onClosed(final FeedClient client, final long nowNs) {
        subscribed.remove(client);
    }

    @Override
    public long onTurn(final long nowNs, final Outlet outlet) {
        while (!subscribed.isEmpty() && sent < target && outlet.hasRoom()) {
            sent++;
            for (final String symbol : SYMBOLS) {
                final String text =
                    ("{'stream':'" + symbol.toLowerCase(Locale.ROOT) + "@trade','data':{'e':'trade','E':1,'s':'"
                    + symbol
                    + "','t':" + sent + ",'p':'61685.99000000','q':'0.00125000','T':1723161601274,'m':true,'M':true}}")
                    .replace('\'', '"');
                subscribed.forEach(client -> client.send(text));
            }
        }
        return subscribed.isEmpty() ? NEVER : nowNs + LOOK_EVERY_NS;
    }
}
