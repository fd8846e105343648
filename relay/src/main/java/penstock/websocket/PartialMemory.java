package penstock.websocket;

/**
 * The memory of messages that have not arrived in full, accounted before it is taken. Owned by the io thread of the
 * connection.
 */
public interface PartialMemory {
    /** Without a limit: for the few connections to venues, and for tools. */
    PartialMemory UNLIMITED = new PartialMemory() {
        @Override
        public byte[] take(final int bytes) {
            return new byte[bytes];
        }

        @Override
        public void giveBack(final byte[] array) {
            // the garbage collector takes it
        }

        @Override
        public boolean tryReserve(final int bytes) {
            return true;
        }

        @Override
        public void release(final int bytes) {
            // nothing is accounted
        }
    };

    /** An array of at least {@code bytes}, with any content; null if there is no memory for it. */
    byte[] take(int bytes);

    /** Returns an array of {@link #take} to which nothing refers any more. */
    void giveBack(byte[] array);

    /** Reserves {@code bytes} outside of these arrays; false, and nothing is reserved, if there is no memory. */
    boolean tryReserve(int bytes);

    /** Returns {@code bytes} that were reserved. */
    void release(int bytes);
}
