package penstock.server.pace;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import penstock.fanout.SlicedWork;

/**
 * Sends the body of a response in slices, a record of TLS at a time: a socket may take megabytes at once, and to
 * encrypt them takes tens of milliseconds. While the socket takes nothing, no slice is used.
 *
 * <p>Owned by the io thread.
 */
public final class PacedBody implements IoCallback, SlicedWork.Task {
    /** What a record of TLS holds; encrypted and written in some 20 µs, or a millisecond in a process that is new. */
    public static final int STEP_BYTES = 16 * 1024;

    private final SlicedWork work;
    private final Sender sender;
    private final Iterator<ByteBuffer> pieces;
    private final Runnable cut;
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private boolean isAdvancing;
    /** The socket took the last step. */
    private boolean isTaken;
    private boolean isEnded;

    /** {@code cut} ends the response of a client that cannot be sent to. */
    public PacedBody(final SlicedWork work, final Sender sender, final Iterator<ByteBuffer> pieces,
            final Runnable cut) {
        this.work = work;
        this.sender = sender;
        this.pieces = pieces;
        this.cut = cut;
    }

    /** Begins to send, at once if the thread has time. */
    public void begin() {
        isTaken = true;
        work.add(this);
    }

    /** Nothing more is sent. */
    public void end() {
        isEnded = true;
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        isAdvancing = true;
        try {
            while (isTaken && !isEnded) {
                if (slice.isOver()) {
                    return false;
                }
                isTaken = false;
                sendStep();
            }
            return true;
        } finally {
            isAdvancing = false;
        }
    }

    @Override
    public void onFailure(final Throwable failure) {
        fail();
    }

    @Override
    public void onComplete(final HttpServerExchange exchange, final Sender taken) {
        isTaken = true;
        if (!isAdvancing) {
            // the socket took the rest of a step for which it had no room
            work.addLater(this);
        }
    }

    @Override
    public void onException(final HttpServerExchange exchange, final Sender failed, final IOException exception) {
        fail();
    }

    private void sendStep() {
        if (!piece.hasRemaining()) {
            piece = pieces.next();
        }
        final int count = Math.min(STEP_BYTES, piece.remaining());
        final ByteBuffer step = piece.slice(piece.position(), count);
        piece.position(piece.position() + count);
        isEnded = !piece.hasRemaining() && !pieces.hasNext();
        sender.send(step, isEnded ? IoCallback.END_EXCHANGE : this);
    }

    private void fail() {
        isEnded = true;
        cut.run();
    }
}
