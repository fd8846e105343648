package penstock.replay;

import java.util.List;
import penstock.venue.replay.ReplayPings;

/**
 * How a venue behaves towards those who connect: what it says first, what it answers, and what makes it begin to send.
 *
 * <p>Called on the server's io thread.
 */
public interface VenueScript {
    /** A venue that says nothing and begins as soon as somebody is connected. */
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

    /** The texts that greet a client. */
    List<String> onOpen();

    /** A client that connects to this path and query has thereby subscribed. */
    boolean startsOnPath(String path);

    /** What the venue says to this message. */
    Answer answer(byte[] buffer, int offset, int length);

    /** The payload of the binary frame that carries this message; null where messages are text frames. */
    default byte[] packed(final byte[] buffer, final int offset, final int length) {
        return null;
    }

    /** How it pings its clients, null = it does not. */
    default ReplayPings pings() {
        return null;
    }

    /** How much a client may send, null = as much as it likes. */
    default Limit limit() {
        return null;
    }

    /**
     * What is too much.
     *
     * @param permits    more messages than these …
     * @param perMs      … in so long
     * @param isAnyFrame pings and pongs count as well
     */
    record Limit(int permits, long perMs, boolean isAnyFrame) {
    }

    /**
     * An answer.
     *
     * @param texts  what is sent back, in order
     * @param starts the client has subscribed by its message
     */
    record Answer(List<String> texts, boolean starts) {
        /** Says nothing. */
        public static final Answer SILENCE = new Answer(List.of(), false);
    }
}
