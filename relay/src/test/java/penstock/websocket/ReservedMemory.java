package penstock.websocket;

/** Memory without a limit, counted. */
final class ReservedMemory implements PartialMemory {
    private long reserved;

    long reserved() {
        return reserved;
    }

    @Override
    public byte[] take(final int count) {
        return tryReserve(count) ? new byte[count] : null;
    }

    @Override
    public void giveBack(final byte[] array) {
        release(array.length);
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
