package penstock.tap;

import java.util.Map;
import penstock.wire.request.Resume;

/**
 * The two numbers that a subscriber needs to resume: the epoch, and the position up to which it received everything.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapPosition {
    private String epoch;
    private long p;

    /** Reads the position of a message. */
    void onMessage(final Map<String, String> message) {
        final String newEpoch = message.get("epoch");
        if (newEpoch != null && !newEpoch.equals(epoch)) {
            epoch = newEpoch;
            p = 0;
        }
        // the p of a heartbeat is the relay's; a piece before the last of an answer has none
        final boolean isPiece = "snapshot".equals(message.get("type")) && !message.containsKey("last")
            && !"one".equals(message.get("replaces"));
        if (message.containsKey("sub") && message.containsKey("p") && !isPiece) {
            // 0: more was received than any position says
            p = Long.parseLong(message.get("p"));
        }
    }

    /** The position to resume at; null if nothing was received. */
    Resume resume() {
        return epoch == null || p == 0 ? null : new Resume(Long.parseLong(epoch), p);
    }
}
