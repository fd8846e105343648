package penstock.replay;

import java.util.List;
import penstock.venue.replay.ReplayPings;

/**
 * How a venue treats its clients: its greeting, its answers, and which request starts the data.
 *
 * <p>Called on the server's io thread.
 */
public interface VenueScript {
    /** A venue that sends no messages of its own and starts the data as soon as a client is connected. */
    VenueScript NONE = new VenueScript() {
        @Override
        public List<String> onOpen() {
            return List.of();
        }

        @Override
        public boolean startsOnPath(final String path) {
            return true;
        }

        @Override
        public Answer answer(final byte[] buffer, final int offset, final int length) {
            return Answer.SILENCE;
        }
    };

    /** The messages that greet a client. */
    List<String> onOpen();

    /** True if a client subscribes by connecting to this path and query. */
    boolean startsOnPath(String path);

    /** The venue's answer to this message. */
    Answer answer(byte[] buffer, int offset, int length);

    /** The payload of the binary frame that carries this message; null where messages are text frames. */
    default byte[] packed(final byte[] buffer, final int offset, final int length) {
        return null;
    }

    /** How the venue pings its clients; null = it does not. */
    default ReplayPings pings() {
        return null;
    }

    /** The rate limit of a client; null = none. */
    default Limit limit() {
        return null;
    }

    /**
     * A rate limit: at most {@code permits} messages in {@code perMs} milliseconds.
     *
     * @param permits    messages
     * @param perMs      milliseconds
     * @param isAnyFrame pings and pongs count too
     */
    record Limit(int permits, long perMs, boolean isAnyFrame) {
    }

    /**
     * An answer.
     *
     * @param texts  messages to send, in order
     * @param starts true if the client's message subscribed it
     */
    record Answer(List<String> texts, boolean starts) {
        /** No answer. */
        public static final Answer SILENCE = new Answer(List.of(), false);
    }
}
