package penstock.bench.load.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import penstock.bench.load.feed.BurstRecording;

/**
 * Binance's bookTicker, of the symbols that {@link BurstRecording} gives; of its update number the last 32 bits. It
 * carries no due time. Owned by its swarm's thread.
 */
public final class TickerScan implements FrameReader {
    private static final byte[] NUMBER = "\"u\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SYMBOL = ("\"s\":\"" + BurstRecording.PREFIX).getBytes(StandardCharsets.US_ASCII);

    @Override
    public void onText(final SwarmSession session, final ByteBuffer buffer, final int from, final int to,
            final long nowNs) {
        final int number = behind(NUMBER, buffer, from, to);
        final int symbol = behind(SYMBOL, buffer, from, to);
        if (number < 0 || symbol < 0) {
            throw new IllegalStateException("no bookTicker: "
                + StandardCharsets.UTF_8.decode(buffer.duplicate().limit(to).position(from)));
        }
        session.onUpdate((int) number(buffer, symbol), (int) number(buffer, number), nowNs, 0, false, nowNs);
    }

    private static int behind(final byte[] what, final ByteBuffer buffer, final int from, final int to) {
        for (int at = from; at <= to - what.length; at++) {
            int same = 0;
            while (same < what.length && buffer.get(at + same) == what[same]) {
                same++;
            }
            if (same == what.length) {
                return at + same;
            }
        }
        return -1;
    }

    private static long number(final ByteBuffer buffer, final int from) {
        long value = 0;
        int at = from;
        for (byte digit = buffer.get(at); digit >= '0' && digit <= '9'; digit = buffer.get(++at)) {
            value = value * 10 + digit - '0';
        }
        return value;
    }
}
