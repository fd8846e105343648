package penstock.server.raw;

import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.SessionFormat;

/** The venue's payloads, one in each of the {@code frames} agreed in the handshake, and nothing else. Immutable. */
public record RawFormat(FrameFormat frames) implements SessionFormat {
    @Override
    public boolean hasMessages() {
        return false;
    }
}
