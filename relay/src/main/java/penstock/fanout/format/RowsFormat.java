package penstock.fanout.format;

/** Messages of the protocol whose updates are rows, in the {@code frames} agreed in the handshake. Immutable. */
public record RowsFormat(FrameFormat frames) implements SessionFormat {
    @Override
    public boolean hasMessages() {
        return true;
    }

    @Override
    public boolean hasRows() {
        return true;
    }
}
