package penstock.bench.load.hold;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;

/** Sends one quote of each symbol, in the form of the venue of {@code PacedFeed}, and then no more. */
public final class TopicsFeed implements FeedScript {
    private final int topics;

    /** Of this many symbols. */
    public TopicsFeed(final int topics) {
        this.topics = topics;
    }

    /** {@code FX00012}. */
    public static String symbol(final int index) {
        return String.format(Locale.ROOT, "FX%05d", index);
    }

    @Override
    public void onOpen(final FeedClient client, final long nowNs) {
        for (int i = 0; i < topics; i++) {
            final byte[] quote = ("{\"symbol\":\"" + symbol(i)
                + "\",\"e\":\"quote\",\"bid\":1.08411,\"ask\":1.08413,\"mid\":1.08412,\"n\":" + i + "}")
                .getBytes(StandardCharsets.US_ASCII);
            client.send(quote, 0, quote.length);
        }
    }
}
