package penstock.recording;

import java.io.Closeable;
import java.nio.file.Path;

/**
 * A recorded feed: its messages in order, with their receive times if there are any. Streamed while it plays, never
 * loaded as a whole.
 *
 * <p>Owned by the thread that plays it.
 */
public interface Recording extends Closeable {
    /** The file of messages. */
    Path file();

    /** True if there are receive times. */
    boolean isTimed();

    /** Moves to the next message; false at the end, and while nothing more is written. */
    boolean next();

    /** True if more may be written, so that {@link #next} may be true later. */
    default boolean isGrowing() {
        return false;
    }

    /** True if this is no message: the venue's connection ended here, or messages are missing. */
    default boolean isBreak() {
        return false;
    }

    /** True if the message came as a binary frame that is not inflated. */
    default boolean isPacked() {
        return false;
    }

    /** Contains the message; valid until the next call of {@link #next}. */
    byte[] buffer();

    /** Start of the message in the buffer. */
    int offset();

    /** Bytes of the message. */
    int length();

    /** Number of the message, from 1. */
    long number();

    /** Receive time of the message in nanoseconds since 1970; 0 if not recorded. */
    long receivedNs();

    /** Returns to the start. */
    void rewind();

    @Override
    void close();
}
