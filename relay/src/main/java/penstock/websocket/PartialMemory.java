package penstock.websocket;

/**
 * Accounts the memory of messages that have not arrived in full, before it is taken. Owned by the io thread of the
 * connection.
 */
public interface PartialMemory {
    /** Without a limit: for the few connections to venues, and for tools. */
    PartialMemory UNLIMITED = new PartialMemory() {
        @Override
        public boolean tryReserve(final int bytes) {
            return true;
        }

        @Override
        public void release(final int bytes) {
            // nothing is accounted
        }
    };

    /** Reserves {@code bytes}; false, and nothing is reserved, if there is no memory for them. */
    boolean tryReserve(int bytes);

    /** Returns {@code bytes} that were reserved. */
    void release(int bytes);
}
