package penstock.edge;

import java.util.function.Consumer;
import penstock.link.message.MessageFields;

/** What an edge and its ingest say to one another beside data. Called on the feed thread. */
public interface EdgeWords {
    /** Nothing is said. */
    EdgeWords NONE = new EdgeWords() {
        @Override
        public void onLink(final Consumer<byte[]> socket) {
        }

        @Override
        public void onLinkEnd() {
        }

        @Override
        public boolean onMessage(final String type, final MessageFields message) {
            return false;
        }
    };

    /** The link has begun; {@code socket} sends a text, on the feed thread, until the end. */
    void onLink(Consumer<byte[]> socket);

    /** The link has ended. */
    void onLinkEnd();

    /** A message of any type; returns whether it is none of data. */
    boolean onMessage(String type, MessageFields message);
}
