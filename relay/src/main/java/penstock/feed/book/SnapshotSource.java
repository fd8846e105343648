package penstock.feed.book;

import java.util.function.Consumer;
import penstock.upstream.SnapshotFetch;
import penstock.venue.book.SnapshotSpec;

/** Asks a venue for snapshots of order books. Called on the feed thread. */
public interface SnapshotSource {
    /**
     * Asks for the book of a symbol.
     *
     * @param symbol as the venue spells it
     * @param answer called once at most, on the feed thread: during this call, or later
     * @return gives up: no answer follows
     * @throws IllegalArgumentException if the environment makes an address that is none
     * @throws IllegalStateException if the environment lacks a variable
     */
    Runnable ask(SnapshotSpec spec, String symbol, Consumer<SnapshotFetch.Fetched> answer);
}
