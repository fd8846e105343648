package penstock.fanout.format;

/** Messages of the protocol whose data is binary, in the {@code frames} agreed in the handshake. Immutable. */
public record BinaryFormat(FrameFormat frames) implements SessionFormat {
    @Override
    public boolean hasMessages() {
        return true;
    }

    @Override
    public boolean isBinary() {
        return true;
    }
}
