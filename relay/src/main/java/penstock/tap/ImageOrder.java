package penstock.tap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.client.TopicView;
import penstock.client.value.MessageEntry;

/**
 * No image is older than what was sent before it in the same epoch. The ledger of a client does not ask for that: an
 * image is where it counts from.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class ImageOrder {
    /** Sequence that was sent last, by symbol. */
    private final Map<String, Long> last = new HashMap<>();
    private long epoch;

    /** Sequences begin again. */
    void clear() {
        last.clear();
    }

    /** A status says that the relay has forgotten symbols, or that the client may not see them any more. */
    void forget(final List<String> symbols, final Map<String, String> status) {
        if ("not_subscribed".equals(status.get("reason")) || "denied".equals(status.get("state"))) {
            symbols.forEach(last::remove);
        }
    }

    /** What is wrong with an entry; null if nothing is. */
    String problem(final MessageEntry entry, final TopicView topic) {
        if (entry.isImage() && entry.epoch() != epoch) {
            epoch = entry.epoch();
            clear();
        }
        // in mode all a resume may repeat what the client has passed
        final Long before = topic.q() == entry.q() ? last.put(topic.symbol(), entry.q()) : null;
        return !entry.isImage() || before == null || before <= entry.q() ? null
            : "LEDGER BROKEN " + topic.symbol() + ": a snapshot of q " + entry.q() + " after q " + before;
    }
}
