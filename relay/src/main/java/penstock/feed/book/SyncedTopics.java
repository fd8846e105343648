package penstock.feed.book;

import java.util.Arrays;
import penstock.ring.UpdateKind;

/**
 * Of which topics this connection has sent all there is: only then do changes mean anything. Owned by the feed thread.
 */
public final class SyncedTopics {
    private int connection = 1;
    /** By topic: the connection that sent its snapshot. */
    private int[] sentBy = new int[64];

    /** None of the new connection has come yet. */
    public void onConnected() {
        connection++;
    }

    public boolean isThere(final int topic) {
        return topic < sentBy.length && sentBy[topic] == connection;
    }

    public void onUpdate(final int topic, final UpdateKind kind) {
        if (kind == UpdateKind.FULL || kind == UpdateKind.SNAPSHOT) {
            if (topic >= sentBy.length) {
                sentBy = Arrays.copyOf(sentBy, Math.max(topic + 1, sentBy.length * 2));
            }
            sentBy[topic] = connection;
        }
    }

    /** Changes of the topic are missing: true when there was something to spoil. */
    public boolean forget(final int topic) {
        final boolean wasThere = isThere(topic);
        if (wasThere) {
            sentBy[topic] = connection - 1;
        }
        return wasThere;
    }
}
