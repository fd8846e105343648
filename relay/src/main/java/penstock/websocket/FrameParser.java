package penstock.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Assembles the bytes of one connection, split anywhere, to whole messages, and rejects violations of RFC 6455 at the
 * first byte that shows them. A message that is in the source as a whole is unmasked into the shared scratch and
 * delivered from there: no memory of its own, no garbage. After a violation, a Close frame or {@link #stop()} the
 * parser reads and ignores all further bytes.
 *
 * <p>Owned by the connection's io thread.
 */
public final class FrameParser {
    private static final int NONE = -1;

    private FrameLimits limits;
    private final MessageHandler handler;
    private final InflaterPool pool;
    /** Null if every message is compressed by itself. */
    private final InflateHistory history;
    private final PartialMemory partial;
    private final FrameHeader header;
    private final MessageMemory memory;
    private MessageInflater inflater;
    private int frameBytesLeft;
    private int messageOpcode = NONE;
    private int messageWireBytes;
    private int fragments;
    private int utf8;
    private boolean compressed;
    private boolean stopped;

    /** All parsers of the thread share {@code scratch}; 64 KiB hold nearly every message. */
    public FrameParser(final Role role, final FrameLimits limits, final byte[] scratch, final MessageHandler handler) {
        this(role, limits, scratch, handler, null, null, PartialMemory.UNLIMITED);
    }

    /** {@code inflater}: null if permessage-deflate was not negotiated. The caller closes it. */
    public FrameParser(final Role role, final FrameLimits limits, final byte[] scratch, final MessageHandler handler,
            final MessageInflater inflater) {
        this(role, limits, scratch, handler, inflater, null, PartialMemory.UNLIMITED);
    }

    /**
     * {@code compression}: of the client's messages; null if permessage-deflate was not negotiated. {@code partial}
     * accounts what incomplete messages take.
     */
    public FrameParser(final Role role, final FrameLimits limits, final byte[] scratch, final MessageHandler handler,
            final ClientCompression compression, final PartialMemory partial) {
        this(role, limits, scratch, handler, null, compression, partial);
    }

    private FrameParser(final Role role, final FrameLimits limits, final byte[] scratch, final MessageHandler handler,
            final MessageInflater inflater, final ClientCompression compression, final PartialMemory partial) {
        this.limits = limits;
        this.handler = handler;
        this.inflater = inflater;
        this.pool = compression == null ? null : compression.inflaters();
        this.history = compression == null || compression.windowBytes() == 0 ? null
            : new InflateHistory(compression.windowBytes(), compression.histories());
        this.header = new FrameHeader(role, inflater != null || pool != null);
        this.partial = partial;
        this.memory = new MessageMemory(scratch, role.keptBytes(), partial);
    }

    /**
     * Reads all of {@code source}, direct or heap, and calls the handler for every message and control frame that ends
     * in it.
     *
     * @throws ProtocolException if the peer violated the protocol; the connection must then be closed
     */
    public void parse(final ByteBuffer source) throws ProtocolException {
        try {
            while (!stopped && source.hasRemaining()) {
                if (header.isComplete()) {
                    onPayload(source);
                } else if (header.take(source)) {
                    onHeader();
                }
            }
        } catch (final ProtocolException e) {
            stop();
            throw e;
        } finally {
            settle();
        }
        if (stopped) {
            source.position(source.limit());
        }
    }

    private void settle() throws ProtocolException {
        try {
            memory.settle();
        } catch (final ProtocolException e) {
            stop();
            throw e;
        }
    }

    /** True if no frame and no fragmented message is incomplete. */
    public boolean isBetweenMessages() {
        return stopped || header.isUntouched() && messageOpcode == NONE;
    }

    /** From the next frame on, these limits hold. */
    public void limit(final FrameLimits next) {
        limits = next;
    }

    /** Ignores all further bytes. The handler may call this. */
    public void stop() {
        stopped = true;
        memory.clear();
        releaseInflater();
        if (history != null) {
            history.release();
        }
    }

    private void releaseInflater() {
        if (pool != null && inflater != null) {
            pool.release(inflater);
            partial.release(MessageInflater.MEMORY_BYTES);
            inflater = null;
        }
    }

    private void onHeader() throws ProtocolException {
        if (!Opcode.isControl(header.opcode())) {
            onDataHeader(header.opcode(), header.payloadLength());
        }
        frameBytesLeft = (int) header.payloadLength();
        if (frameBytesLeft == 0) {
            onFrameEnd();
        }
    }

    private void onDataHeader(final int opcode, final long length) throws ProtocolException {
        if (opcode == Opcode.CONTINUATION) {
            if (messageOpcode == NONE) {
                throw ProtocolException.framing("a continuation frame without a first frame");
            }
            if (header.isCompressed()) {
                throw ProtocolException.framing("reserved bit 1 is allowed on the first frame of a message only");
            }
        } else {
            if (messageOpcode != NONE) {
                throw ProtocolException.framing(
                    "a new message inside a fragmented one; finish that with continuation frames");
            }
            messageOpcode = opcode;
            compressed = header.isCompressed();
            messageWireBytes = 0;
            fragments = 0;
            utf8 = Utf8Validator.BETWEEN;
        }
        if (length > limits.frameBytes()) {
            throw ProtocolException.tooLarge("a frame of " + length + " bytes; the limit is " + limits.frameBytes());
        }
        if (length + messageWireBytes > limits.messageBytes()) {
            throw ProtocolException.tooLarge("a message of more than " + limits.messageBytes() + " bytes");
        }
        if (++fragments > limits.fragments()) {
            throw ProtocolException.tooLarge("a message of more than " + limits.fragments() + " fragments");
        }
        messageWireBytes += (int) length;
        if (compressed && inflater == null) {
            if (!partial.tryReserve(MessageInflater.MEMORY_BYTES)) {
                throw ProtocolException.noMemory();
            }
            inflater = pool.take(history);
        }
    }

    private void onPayload(final ByteBuffer source) throws ProtocolException {
        final int count = Math.min(source.remaining(), frameBytesLeft);
        if (Opcode.isControl(header.opcode())) {
            copy(source, count);
            memory.addControl(count);
            frameBytesLeft -= count;
        } else if (compressed) {
            frameBytesLeft -= inflater.take(source, count, header.mask(), phase());
            inflate();
        } else {
            copy(source, count);
            memory.addMessage(count);
            frameBytesLeft -= count;
            validateText(count);
        }
        if (frameBytesLeft == 0) {
            onFrameEnd();
        }
    }

    private void copy(final ByteBuffer source, final int count) throws ProtocolException {
        memory.reserve(count);
        source.get(memory.bytes(), memory.end(), count);
        if (header.mask() != 0) {
            Unmask.apply(memory.bytes(), memory.end(), count, header.mask(), phase());
        }
    }

    private int phase() {
        return (int) header.payloadLength() - frameBytesLeft;
    }

    private void inflate() throws ProtocolException {
        int count = inflater.inflate(memory);
        while (count > 0) {
            validateText(count);
            count = inflater.inflate(memory);
        }
    }

    /**
     * Validates the last {@code count} bytes of the message; fails at the first byte that no text can contain there.
     */
    private void validateText(final int count) throws ProtocolException {
        if (messageOpcode == Opcode.TEXT) {
            utf8 = Utf8Validator.advance(utf8, memory.bytes(), memory.messageBytes() - count, count);
            if (utf8 == Utf8Validator.BAD) {
                throw ProtocolException.badData("a text message is not UTF-8");
            }
        }
    }

    private void onFrameEnd() throws ProtocolException {
        header.reset();
        if (Opcode.isControl(header.opcode())) {
            onControl();
        } else if (header.isFinal()) {
            onMessage();
        }
    }

    private void onMessage() throws ProtocolException {
        if (compressed) {
            inflater.takeTail();
            inflate();
            inflater.end();
            releaseInflater();
            if (history != null) {
                history.append(memory.bytes(), memory.messageBytes());
            }
        }
        if (messageOpcode == Opcode.TEXT && utf8 != Utf8Validator.BETWEEN) {
            throw ProtocolException.badData("a text message ends inside a character");
        }
        final int opcode = messageOpcode;
        final byte[] bytes = memory.bytes();
        final int length = memory.messageBytes();
        messageOpcode = NONE;
        memory.takeMessage();
        if (opcode == Opcode.TEXT) {
            handler.onText(bytes, 0, length);
        } else {
            handler.onBinary(bytes, 0, length);
        }
        memory.release();
    }

    private void onControl() throws ProtocolException {
        final byte[] bytes = memory.bytes();
        final int offset = memory.controlOffset();
        final int length = memory.controlBytes();
        memory.takeControl();
        switch (header.opcode()) {
            case Opcode.PING -> handler.onPing(bytes, offset, length);
            case Opcode.PONG -> handler.onPong(bytes, offset, length);
            default -> onClose(bytes, offset, length);
        }
        memory.release();
    }

    private void onClose(final byte[] bytes, final int offset, final int length) throws ProtocolException {
        int code = CloseCode.NO_CODE;
        String reason = "";
        if (length == 1) {
            throw ProtocolException.framing("a Close frame has either no code or a code of two bytes");
        }
        if (length > 1) {
            code = (bytes[offset] & 0xff) << 8 | bytes[offset + 1] & 0xff;
            if (!CloseCode.isValidOnWire(code)) {
                throw ProtocolException.framing("close code " + code + " must not be sent");
            }
            if (Utf8Validator.advance(Utf8Validator.BETWEEN, bytes, offset + 2, length - 2) != Utf8Validator.BETWEEN) {
                throw ProtocolException.badData("the reason of a Close frame is not UTF-8");
            }
            reason = new String(bytes, offset + 2, length - 2, StandardCharsets.UTF_8);
        }
        stop();
        handler.onClose(code, reason);
    }
}
