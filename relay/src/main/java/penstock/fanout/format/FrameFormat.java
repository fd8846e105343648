package penstock.fanout.format;

import java.nio.ByteBuffer;
import penstock.wire.MessageBuffer;

/**
 * How what a session is sent becomes frames. By itself it is the format of a session with messages of the protocol.
 * Owned by the shard's io thread; one may serve many sessions of the shard.
 */
public interface FrameFormat extends SessionFormat {
    @Override
    default boolean hasMessages() {
        return true;
    }

    @Override
    default FrameFormat frames() {
        return this;
    }

    /** Whether the client can answer: with requests, pongs and a Close frame. */
    default boolean isTwoWay() {
        return true;
    }

    /**
     * Whether a client is at the other end, which pings are sent to, which is limited, and which must read in time.
     * Without one the relay itself made the session.
     */
    default boolean hasPeer() {
        return true;
    }

    /** Whether sessions that are sent the same bytes share work: the messages of a slice then bear the same time. */
    default boolean isShared() {
        return false;
    }

    /** What session {@code number} is sent before anything else. */
    default byte[] preamble(final int number) {
        return new byte[0];
    }

    /** Adds the frame of a reply, a status or a ping; {@code opcode} as in RFC 6455, 5.2. */
    void putControl(MessageBuffer out, int opcode, byte[] payload, int offset, int length);

    /**
     * The bytes of the frame of a data message, which is {@code head} and the first {@code length} bytes of
     * {@code body}. If the write has room for them, {@link #putData} of the same message is the next call.
     *
     * @param p the position in {@code epoch} that the client has reached with the message; 0 = none
     */
    int dataBytes(MessageBuffer head, byte[] body, int length, long epoch, long p);

    /** Puts the frame that {@link #dataBytes} measured; {@code opcode} as in RFC 6455, 5.2: text or binary. */
    void putData(ByteBuffer out, int opcode, MessageBuffer head, byte[] body, int length);
}
