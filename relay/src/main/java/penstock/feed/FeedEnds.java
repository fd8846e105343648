package penstock.feed;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Which feeds their venues have rejected permanently. One that is rejected ends nothing but itself, unless it is the
 * last. Owned by the feed thread; the end is for any.
 */
public final class FeedEnds {
    /** Those that have begun. */
    private int feeds;
    /** By the numbers of their places. */
    private final Map<Integer, String> reasons = new LinkedHashMap<>();
    private final CompletableFuture<String> all = new CompletableFuture<>();

    /** For that many feeds. */
    public FeedEnds(final int feeds) {
        this.feeds = feeds;
    }

    /** A feed begins while the relay runs; {@code isNew}: in a place of its own, else in that of an earlier one. */
    public void onBegun(final FeedPlace place, final boolean isNew) {
        feeds += isNew ? 1 : 0;
        reasons.remove(place.number());
    }

    /** What learns that a feed has ended, with the reason. */
    public Consumer<String> of(final FeedPlace place) {
        return reason -> {
            reasons.put(place.number(), place.name() == null ? reason : place.name() + ": " + reason);
            if (reasons.size() == feeds) {
                all.complete(String.join("; ", reasons.values()));
            }
        };
    }

    /** Completes with the reasons when every feed has ended. */
    public CompletableFuture<String> all() {
        return all;
    }
}
