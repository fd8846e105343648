package penstock.websocket;

/** Memory without a limit, counted. */
final class ReservedMemory implements PartialMemory {
    private long reserved;

    long reserved() {
        return reserved;
    }

    @Override
    public boolean tryReserve(final int bytes) {
        reserved += bytes;
        return true;
    }

    @Override
    public void release(final int bytes) {
        reserved -= bytes;
    }
}
