package penstock.wire;

import java.nio.charset.StandardCharsets;

/**
 * Which part of a feed a topic is in, on a bus: the hash FNV-1a of 32 bits of the channel, a byte 0 and the symbol, in
 * UTF-8, modulo the number of parts. Stateless.
 */
public final class TopicPartition {
    /** How many parts a feed has. */
    public static final int COUNT = 16;

    private static final int OFFSET_BASIS = 0x811c9dc5;
    private static final int PRIME = 0x01000193;

    private TopicPartition() {
    }

    /** The part of that topic, from 0. */
    public static int of(final String channel, final String symbol) {
        final int ofChannel = add(OFFSET_BASIS, channel) * PRIME;
        return Integer.remainderUnsigned(add(ofChannel, symbol), COUNT);
    }

    private static int add(final int hash, final String text) {
        int next = hash;
        for (final byte each : text.getBytes(StandardCharsets.UTF_8)) {
            next = (next ^ each & 0xff) * PRIME;
        }
        return next;
    }
}
