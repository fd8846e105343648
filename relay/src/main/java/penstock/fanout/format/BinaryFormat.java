package penstock.fanout.format;

/**
 * Messages of the protocol whose data is binary, in the {@code frames} agreed in the handshake. Immutable.
 *
 * @param link the name of the relay behind the session, or null
 */
public record BinaryFormat(FrameFormat frames, String link) implements SessionFormat {
    /** Of a session that is a subscriber's. */
    public BinaryFormat(final FrameFormat frames) {
        this(frames, null);
    }

    @Override
    public boolean hasMessages() {
        return true;
    }

    @Override
    public boolean isBinary() {
        return true;
    }
}
