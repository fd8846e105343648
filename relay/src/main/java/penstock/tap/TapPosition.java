package penstock.tap;

import java.util.Map;
import penstock.wire.request.Resume;

/**
 * The two numbers that a subscriber keeps so that it can come back: the epoch, and the position up to which it was sent
 * everything.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapPosition {
    private String epoch;
    private long p;

    /** Takes what a message says of it. */
    void onMessage(final Map<String, String> message) {
        final String newEpoch = message.get("epoch");
        if (newEpoch != null && !newEpoch.equals(epoch)) {
            epoch = newEpoch;
            p = 0;
        }
        // pieces of a snapshot say 0, and a heartbeat speaks of the relay
        final long reached = message.containsKey("sub") && message.containsKey("p") ? Long.parseLong(message.get("p"))
            : 0;
        p = reached == 0 ? p : reached;
    }

    /** Where it stopped; null when it has not got anywhere. */
    Resume resume() {
        return epoch == null || p == 0 ? null : new Resume(Long.parseLong(epoch), p);
    }
}
