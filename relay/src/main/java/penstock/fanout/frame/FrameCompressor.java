package penstock.fanout.frame;

import penstock.wire.MessageBuffer;

/**
 * Compresses messages for sessions that agreed to permessage-deflate. The result of the last call stays until the next
 * one. Owned by the shard's io thread.
 */
public interface FrameCompressor {
    /** Compresses nothing: permessage-deflate is never agreed. */
    FrameCompressor NONE = new FrameCompressor() {
        @Override
        public boolean compress(final MessageBuffer first, final MessageBuffer second, final int windowBits) {
            return false;
        }

        @Override
        public boolean compress(final byte[] plain, final int length, final int windowBits) {
            return false;
        }

        @Override
        public byte[] bytes() {
            throw new IllegalStateException("nothing was compressed");
        }

        @Override
        public int offset() {
            return 0;
        }

        @Override
        public int length() {
            return 0;
        }
    };

    /** Compresses two pieces as one message; false when the message is to be sent as it is. */
    boolean compress(MessageBuffer first, MessageBuffer second, int windowBits);

    /** Compresses the first {@code length} bytes as a message; false when the message is to be sent as it is. */
    boolean compress(byte[] plain, int length, int windowBits);

    /** The array that has the compressed message, from {@link #offset()} on. */
    byte[] bytes();

    /** Where the compressed message begins. */
    int offset();

    /** The bytes of the compressed message. */
    int length();
}
