package penstock.ring;

import java.util.List;

/**
 * All that was published before is void: what follows is of another epoch, with feeds of its own. It has the numbers of
 * another relay, or those of this one after it had followed another. Immutable.
 *
 * @param epoch     when the relay that numbers has begun to, in milliseconds since 1970
 * @param byAnother whether another relay numbers
 * @param feeds     numbered from 0; their channels are numbered over all feeds, from 0
 */
public record RelayedEpoch(long epoch, boolean byAnother, List<FeedIntroduction> feeds) {
    /** With a copy of the feeds, of which there is one at least. */
    public RelayedEpoch {
        feeds = List.copyOf(feeds);
        if (epoch <= 0 || feeds.isEmpty()) {
            throw new IllegalArgumentException("epoch " + epoch + " with " + feeds.size() + " feeds");
        }
    }
}
