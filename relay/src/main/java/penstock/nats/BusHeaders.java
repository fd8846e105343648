package penstock.nats;

import io.nats.client.impl.Headers;

/** The headers of messages on the bus. Stateless. */
public final class BusHeaders {
    private static final String EPOCH = "Penstock-Epoch";
    private static final String SEQ = "Penstock-Seq";
    private static final String MORE = "Penstock-More";
    private static final String PIECE = "Penstock-Piece";
    private static final String LAST = "Penstock-Last";
    private static final String YES = "1";

    private BusHeaders() {
    }

    /** Of a message of a partition. */
    public static Headers ofStream(final long epoch, final long seq, final boolean isUnfinished) {
        final Headers headers = new Headers().put(EPOCH, Long.toString(epoch)).put(SEQ, Long.toString(seq));
        return isUnfinished ? headers.put(MORE, YES) : headers;
    }

    /** Of a piece of a snapshot, behind whose number the partition goes on. */
    public static Headers ofPiece(final long epoch, final long seq, final int piece, final boolean isUnfinished) {
        return ofStream(epoch, seq, isUnfinished).put(PIECE, Integer.toString(piece));
    }

    /** Of the end of a snapshot. */
    public static Headers ofEnd(final long epoch, final long seq, final int piece) {
        return ofPiece(epoch, seq, piece, false).put(LAST, YES);
    }
}
