package penstock.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Which feeds their venues have rejected permanently. One that is rejected ends nothing but itself, unless it is the
 * last. Owned by the feed thread; the end is for any.
 */
public final class FeedEnds {
    private final int feeds;
    private final List<String> reasons = new ArrayList<>();
    private final CompletableFuture<String> all = new CompletableFuture<>();

    /** For that many feeds. */
    public FeedEnds(final int feeds) {
        this.feeds = feeds;
    }

    /** What learns that a feed has ended, with the reason. */
    public Consumer<String> of(final FeedPlace place) {
        return reason -> {
            reasons.add(place.name() == null ? reason : place.name() + ": " + reason);
            if (reasons.size() == feeds) {
                all.complete(String.join("; ", reasons));
            }
        };
    }

    /** Completes with the reasons when every feed has ended. */
    public CompletableFuture<String> all() {
        return all;
    }
}
