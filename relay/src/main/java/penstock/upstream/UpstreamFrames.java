package penstock.upstream;

import java.nio.ByteBuffer;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.MessageHandler;
import penstock.websocket.MessageInflater;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * The frame parser of one connection and, with permessage-deflate, its inflater. The inflater's native memory must not
 * be freed while the parser runs. Owned by the feed thread.
 */
final class UpstreamFrames {
    private static final int MAX_FRAGMENTS = 100_000;

    private final MessageInflater inflater;
    private final FrameParser parser;
    private boolean isParsing;
    private boolean isClosed;

    UpstreamFrames(final UpstreamContext context, final UpstreamSettings settings, final UpstreamUpgrade upgrade,
            final MessageHandler handler) {
        final int limit = settings.frameBytes();
        final FrameLimits limits = new FrameLimits(limit, limit, MAX_FRAGMENTS);
        inflater = upgrade.isDeflated() ? new MessageInflater(upgrade.isContextKept(), settings.inflatedBytes())
            : null;
        parser = upgrade.isDeflated() ? new FrameParser(Role.CLIENT, limits, context.scratch(), handler, inflater)
            : new FrameParser(Role.CLIENT, limits, context.scratch(), handler);
    }

    void parse(final ByteBuffer bytes) throws ProtocolException {
        isParsing = true;
        try {
            parser.parse(bytes);
        } finally {
            isParsing = false;
            freeIfClosed();
        }
    }

    /** Stops the parser: no further messages. May be called from inside a handler. */
    void close() {
        isClosed = true;
        parser.stop();
        freeIfClosed();
    }

    private void freeIfClosed() {
        if (isClosed && !isParsing && inflater != null) {
            inflater.close();
        }
    }
}
