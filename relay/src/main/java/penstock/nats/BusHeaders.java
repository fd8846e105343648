package penstock.nats;

import io.nats.client.impl.Headers;

/** The headers of messages on the bus. Stateless. */
public final class BusHeaders {
    private static final String RELAYS = "Penstock-Relays";
    private static final String EPOCH = "Penstock-Epoch";
    private static final String SEQ = "Penstock-Seq";
    private static final String MORE = "Penstock-More";
    private static final String PIECE = "Penstock-Piece";
    private static final String LAST = "Penstock-Last";
    private static final String YES = "1";

    /**
     * What the headers of a message say.
     *
     * @param relays       the ids of the relays in a row, the one that publishes the last; empty if it does not say
     * @param piece        which piece of a snapshot it is; -1 = it is of no snapshot
     * @param isLast       whether it is the last piece
     * @param isUnfinished whether the next message continues it
     */
    public record Numbers(String relays, long epoch, long seq, int piece, boolean isLast, boolean isUnfinished) {
    }

    private BusHeaders() {
    }

    /** Reads headers; null if they are none of a relay. */
    public static Numbers read(final Headers headers) {
        if (headers == null) {
            return null;
        }
        final long epoch = number(headers.getFirst(EPOCH));
        final long seq = number(headers.getFirst(SEQ));
        final String piece = headers.getFirst(PIECE);
        final long number = piece == null ? -1 : number(piece);
        final String relays = headers.getFirst(RELAYS);
        return epoch < 1 || seq < 0 || number > Integer.MAX_VALUE || piece != null && number < 0 ? null
            : new Numbers(relays == null ? "" : relays, epoch, seq, (int) number, YES.equals(headers.getFirst(LAST)),
            YES.equals(headers.getFirst(MORE)));
    }

    private static long number(final String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    /** Of a message of a partition. */
    public static Headers ofStream(final String relays, final long epoch, final long seq,
            final boolean isUnfinished) {
        final Headers headers =
            new Headers().put(RELAYS, relays).put(EPOCH, Long.toString(epoch)).put(SEQ, Long.toString(seq));
        return isUnfinished ? headers.put(MORE, YES) : headers;
    }

    /** Of a piece of a snapshot, behind whose number the partition goes on. */
    public static Headers ofPiece(final String relays, final long epoch, final long seq, final int piece,
            final boolean isUnfinished) {
        return ofStream(relays, epoch, seq, isUnfinished).put(PIECE, Integer.toString(piece));
    }

    /** Of the end of a snapshot. */
    public static Headers ofEnd(final String relays, final long epoch, final long seq, final int piece) {
        return ofPiece(relays, epoch, seq, piece, false).put(LAST, YES);
    }
}
