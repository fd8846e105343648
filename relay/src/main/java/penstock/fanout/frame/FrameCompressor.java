package penstock.fanout.frame;

import java.nio.ByteBuffer;

/** Compresses messages for sessions that agreed to permessage-deflate. Owned by the shard's io thread. */
public interface FrameCompressor {
    /** Compresses nothing. */
    FrameCompressor NONE = (plain, length, windowBits) -> null;

    /**
     * Compresses the first {@code length} bytes as one message.
     *
     * @param windowBits the window that the client has, 8 to 15
     * @return the compressed message on the heap, valid until the next call; null if the message is to be sent as it is
     */
    ByteBuffer compress(byte[] plain, int length, int windowBits);
}
