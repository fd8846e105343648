package penstock.server.pace;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.function.Supplier;
import java.util.function.BooleanSupplier;
import penstock.fanout.SlicedWork;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.RequestDecoder;
import penstock.wire.request.RequestDecoding;

/**
 * The long messages of one client, each decoded in slices. While one is, nothing more of the client is read, and the
 * frames that were read with it wait. One that is begun goes before other work, so that the thread holds what becomes
 * of one message, and not of one for each client.
 *
 * <p>Owned by the io thread.
 */
public final class LongMessages implements SlicedWork.Task {
    /** What becomes of a message. */
    public interface Listener {
        /** It is a request. */
        void onDecoded(Request request);

        /** It is none. */
        void onRejected(RequestException refusal);

        /** Nothing is decoded and no frame waits any more: the client is read again. */
        void onIdle();

        /** The relay failed. */
        void onFailure(Throwable failure);
    }

    /** 800 symbols of 7 characters: a shorter message is decoded at once, in a process that is new in 0.7 ms. */
    public static final int MIN_BYTES = 8 * 1024;
    /** Of a text, at most. */
    private static final int BYTES_PER_CHAR = 2;

    private final SlicedWork work;
    private final MemoryShare memory;
    private final Supplier<RequestDecoder> decoder;
    private final Listener listener;
    /** Null while nothing is decoded. */
    private RequestDecoding decoding;
    private final Queue<Runnable> held = new ArrayDeque<>();
    private long bytes;
    private boolean isScheduled;
    private boolean hasBegun;

    /** Decoded as long work of the thread; {@code memory} accounts what waits. */
    public LongMessages(final SlicedWork work, final MemoryShare memory, final Supplier<RequestDecoder> decoder,
            final Listener listener) {
        this.work = work;
        this.memory = memory;
        this.decoder = decoder;
        this.listener = listener;
    }

    /** Begins to decode a message; false if there is no memory to keep it. */
    public boolean begin(final byte[] buffer, final int offset, final int length) {
        if (!reserve((long) BYTES_PER_CHAR * length)) {
            return false;
        }
        hasBegun = false;
        decoding = decoder.get().begin(buffer, offset, length);
        if (!isScheduled) {
            isScheduled = true;
            // the caller has spent time on reading it
            work.addLater(this);
        }
        return true;
    }

    /** Whether frames have to wait. */
    public boolean isBusy() {
        return decoding != null || !held.isEmpty();
    }

    /** A frame is handled in its turn; false if there is no memory to keep it. */
    public boolean hold(final byte[] payload, final int offset, final int length, final FrameHandler handler) {
        final boolean isHeld = reserve(length);
        if (isHeld) {
            final byte[] copy = Arrays.copyOfRange(payload, offset, offset + length);
            held.add(() -> handler.onFrame(copy, 0, copy.length));
        }
        return isHeld;
    }

    /** Decodes and handles at once everything that waits. */
    public void finish() {
        proceed(() -> false);
    }

    /** The connection ends: nothing that waits is handled any more. */
    public void clear() {
        decoding = null;
        held.clear();
        release();
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        final boolean isDone = proceed(slice::isOver);
        isScheduled = !isDone;
        return isDone;
    }

    @Override
    public boolean goesFirst() {
        return hasBegun && decoding != null;
    }

    @Override
    public void onFailure(final Throwable failure) {
        isScheduled = false;
        clear();
        listener.onFailure(failure);
    }

    private boolean proceed(final BooleanSupplier isOver) {
        final boolean wasBusy = isBusy();
        while (isBusy()) {
            if (isOver.getAsBoolean()) {
                return false;
            }
            if (decoding == null) {
                held.remove().run();
            } else if (!decode(isOver)) {
                return false;
            }
        }
        release();
        if (wasBusy) {
            listener.onIdle();
        }
        return true;
    }

    private boolean decode(final BooleanSupplier isOver) {
        hasBegun = true;
        final RequestDecoding decoded = decoding;
        try {
            if (!decoded.advance(isOver)) {
                return false;
            }
        } catch (final RequestException e) {
            decoding = null;
            listener.onRejected(e);
            return true;
        }
        decoding = null;
        listener.onDecoded(decoded.request());
        return true;
    }

    private boolean reserve(final long needed) {
        final boolean isReserved = memory.tryReserve(MemoryUse.PARTIAL_MESSAGES, needed);
        bytes += isReserved ? needed : 0;
        return isReserved;
    }

    private void release() {
        memory.release(MemoryUse.PARTIAL_MESSAGES, bytes);
        bytes = 0;
    }
}
