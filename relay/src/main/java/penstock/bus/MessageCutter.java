package penstock.bus;

import java.nio.ByteBuffer;

/** Cuts a write of a session into messages of the bus: between messages of the session, where it can. Stateless. */
final class MessageCutter {
    /** Takes the messages, in order. */
    interface Sink {
        /** {@code isUnfinished}: what follows continues the last message of the session in it. */
        void accept(byte[] payload, boolean isUnfinished);
    }

    private MessageCutter() {
    }

    /** Passes on all that is in {@code frames}, at most {@code maxBytes} at a time. */
    static void cut(final ByteBuffer frames, final int maxBytes, final Sink sink) {
        while (frames.hasRemaining()) {
            final int begin = frames.position();
            int end = begin;
            while (end < frames.limit() && end + BusFormat.frameBytes(frames, end) - begin <= maxBytes) {
                end += BusFormat.frameBytes(frames, end);
            }
            if (end > begin) {
                sink.accept(take(frames, end - begin), false);
            } else {
                final int frameEnd = begin + BusFormat.frameBytes(frames, begin);
                while (frames.position() < frameEnd) {
                    final byte[] part = take(frames, Math.min(maxBytes, frameEnd - frames.position()));
                    sink.accept(part, frames.position() < frameEnd);
                }
            }
        }
    }

    private static byte[] take(final ByteBuffer frames, final int bytes) {
        final byte[] taken = new byte[bytes];
        frames.get(taken);
        return taken;
    }
}
