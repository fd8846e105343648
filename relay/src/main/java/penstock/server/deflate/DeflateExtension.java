package penstock.server.deflate;

import java.util.List;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.server.IoThreadContext;
import penstock.server.WebSocketExtension;
import penstock.websocket.ClientCompression;
import penstock.websocket.HistoryMemory;
import penstock.websocket.InflaterPool;

/** Agrees to permessage-deflate (RFC 7692) on one io thread, whose sessions share the compressor. Owned by it. */
public final class DeflateExtension implements WebSocketExtension {
    /** Histories take at most this part of the memory for messages that have not arrived in full. */
    private static final int HISTORY_SHARE = 4;

    private final SharedFrameCompressor compressor;
    private final InflaterPool inflaters;
    private final HistoryMemory histories;
    private final DeflateFormat[] formats = new DeflateFormat[DeflateAnswer.MAX_WINDOW_BITS + 1];

    /** Of the io thread of {@code context}. */
    public DeflateExtension(final IoThreadContext context) {
        final MemoryShare memory = context.memory();
        compressor = new SharedFrameCompressor(context.counters());
        inflaters = new InflaterPool(context.maxMessageBytes());
        // messages that arrive in pieces keep the rest: they are never cut for the sake of histories
        histories = new HistoryMemory(memory.limit(MemoryUse.PARTIAL_MESSAGES) / HISTORY_SHARE, bytes -> {
            if (bytes > 0) {
                memory.reserve(MemoryUse.PARTIAL_MESSAGES, bytes);
            } else {
                memory.release(MemoryUse.PARTIAL_MESSAGES, -bytes);
            }
        });
    }

    @Override
    public Terms agree(final List<String> offers) {
        final DeflateAnswer answer = DeflateAnswer.to(offers, histories::hasRoom);
        if (answer == null) {
            return Terms.NONE;
        }
        final int bits = answer.windowBits();
        if (formats[bits] == null) {
            formats[bits] = new DeflateFormat(compressor, bits);
        }
        return new Terms(answer.text(), formats[bits],
            new ClientCompression(inflaters, histories, answer.clientWindowBytes()));
    }
}
