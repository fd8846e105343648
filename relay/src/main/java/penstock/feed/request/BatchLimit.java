package penstock.feed.request;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.venue.spec.SubscribeSpec.Item;

/**
 * How many items one message may have, as the venue's silence has shown: some venues do not answer a message that is
 * too long. One for all connections of a feed, because a venue that answers nothing loses its connection. Owned by the
 * feed thread.
 */
public final class BatchLimit {
    private static final Logger LOG = LoggerFactory.getLogger(BatchLimit.class);

    private final String title;
    private int items = Integer.MAX_VALUE;
    /** Messages with more are not answered, and their halves are. */
    private int known = Integer.MAX_VALUE;

    /** Any number; {@code title}: how the log calls the feed. */
    BatchLimit(final String title) {
        this.title = title;
    }

    /** Splits batches that are too large. */
    List<List<Item>> split(final List<List<Item>> batches) {
        final List<List<Item>> split = new ArrayList<>();
        for (final List<Item> batch : batches) {
            for (int from = 0; from < batch.size(); from += Math.min(items, batch.size())) {
                split.add(batch.subList(from, Math.min(batch.size(), from + Math.min(items, batch.size()))));
            }
        }
        return split;
    }

    /** A connection without any answer yet did not answer a message of that many items. */
    void onSilence(final int count) {
        items = Math.min(items, Math.max(1, count / 2));
    }

    /** The venue has answered a message in full: the next may have twice as many items. */
    void onAnswered(final VenueRequest request) {
        if (request.itemsSent() >= items) {
            items = Math.min(known, 2 * items);
        }
        onHalvesAnswered(request.onAnswered());
    }

    /** The venue has answered both halves of a message that it did not answer: the message was too long. */
    private void onHalvesAnswered(final int count) {
        if (count > 0 && (count + 1) / 2 < known) {
            known = (count + 1) / 2;
            items = Math.min(items, known);
            LOG.warn("{}: venue does not answer a message with {} symbols, and answers both halves; set "
                + "subscribe.max-bytes or a smaller subscribe.batch in its file", title, count);
        }
    }
}
