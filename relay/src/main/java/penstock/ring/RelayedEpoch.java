package penstock.ring;

import java.util.List;

/**
 * What follows has the numbers of another relay: its epoch, its feeds, {@code q} and {@code p} as it gave them. All
 * that was published before is void. Immutable.
 *
 * @param epoch when the relay that numbers has started, in milliseconds since 1970
 * @param feeds those of that relay, numbered from 0; their channels are numbered over all feeds, from 0
 */
public record RelayedEpoch(long epoch, List<FeedIntroduction> feeds) {
    /** With a copy of the feeds, of which there is one at least. */
    public RelayedEpoch {
        feeds = List.copyOf(feeds);
        if (epoch <= 0 || feeds.isEmpty()) {
            throw new IllegalArgumentException("epoch " + epoch + " with " + feeds.size() + " feeds");
        }
    }
}
