package penstock.server.deflate;

import java.util.List;
import penstock.server.IoThreadContext;
import penstock.server.WebSocketExtension;
import penstock.websocket.ClientCompression;
import penstock.websocket.InflaterPool;

/** Agrees to permessage-deflate (RFC 7692) on one io thread, whose sessions share the compressor. Owned by it. */
public final class DeflateExtension implements WebSocketExtension {
    private final SharedFrameCompressor compressor;
    private final InflaterPool inflaters;
    private final DeflateFormat[] formats = new DeflateFormat[DeflateAnswer.MAX_WINDOW_BITS + 1];

    /** Of the io thread of {@code context}. */
    public DeflateExtension(final IoThreadContext context) {
        compressor = new SharedFrameCompressor(context.counters());
        inflaters = new InflaterPool(context.maxMessageBytes());
    }

    @Override
    public Terms agree(final List<String> offers) {
        final DeflateAnswer answer = DeflateAnswer.to(offers);
        if (answer == null) {
            return Terms.NONE;
        }
        final int bits = answer.windowBits();
        if (formats[bits] == null) {
            formats[bits] = new DeflateFormat(compressor, bits);
        }
        return new Terms(answer.text(), formats[bits], new ClientCompression(inflaters, answer.clientWindowBytes()));
    }
}
