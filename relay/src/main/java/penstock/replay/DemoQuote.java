package penstock.replay;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The price of one symbol on its random walk, and its frame. Allocates nothing.
 *
 * <p>Owned by the demo server's io thread.
 */
final class DemoQuote {
    private static final byte[] TIME = ascii("\",\"time\":");
    private static final byte[] BID = ascii(",\"quote\":{\"bid\":");
    private static final byte[] ASK = ascii(",\"ask\":");
    private static final byte[] END = ascii("}}");
    private final byte[] frame = new byte[160];
    private final int headBytes;
    private final int digits;
    private final long startPrice;
    private final long normalSpread;
    private final int maxStep;
    private long bid;
    private long ask;
    private int length;

    DemoQuote(final DemoSymbols.Start start) {
        put(ascii("{\"symbol\":\"" + start.symbol()));
        put(TIME);
        headBytes = length;
        digits = start.digits();
        startPrice = start.price();
        normalSpread = start.spread();
        bid = startPrice;
        ask = startPrice + normalSpread;
        // at most about 0.002 % of the price per update: visible movement, and still plausible after an hour
        maxStep = (int) Math.max(2, startPrice / 50_000);
    }

    /** One step up or down, with a slight pull towards the start price, so that the price stays plausible. */
    void step(final SplittableRandom random) {
        final long offset = bid - startPrice;
        final int range = 2 * maxStep + 1;
        long move = random.nextInt(range) - maxStep;
        if (random.nextInt(1_000) < Math.min(900, Math.abs(offset) * 10_000 / startPrice)) {
            move = offset > 0 ? -Math.abs(move) : Math.abs(move);
        }
        if (move == 0) {
            move = random.nextBoolean() ? 1 : -1;
        }
        bid += move;
        ask = bid + normalSpread + random.nextInt((int) (normalSpread / 2) + 1);
    }

    /** Builds the frame of the current price. */
    void encode(final long timeUs) {
        length = headBytes;
        putScaled(timeUs, 0);
        put(BID);
        putScaled(bid, digits);
        put(ASK);
        putScaled(ask, digits);
        put(END);
    }

    byte[] frame() {
        return frame;
    }

    int length() {
        return length;
    }

    private void putScaled(final long value, final int scale) {
        long rest = value;
        int count = 0;
        do {
            frame[length + count++] = (byte) ('0' + rest % 10);
            rest /= 10;
            if (count == scale) {
                frame[length + count++] = '.';
            }
        } while (rest > 0 || scale > 0 && count < scale + 2);
        for (int i = 0; i < count / 2; i++) {
            final byte swapped = frame[length + i];
            frame[length + i] = frame[length + count - 1 - i];
            frame[length + count - 1 - i] = swapped;
        }
        length += count;
    }

    private void put(final byte[] bytes) {
        System.arraycopy(bytes, 0, frame, length, bytes.length);
        length += bytes.length;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
