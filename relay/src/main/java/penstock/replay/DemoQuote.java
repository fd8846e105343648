package penstock.replay;

import java.util.SplittableRandom;

/**
 * The price of one symbol on its random walk, and its frame. Allocates nothing.
 *
 * <p>Owned by the demo server's io thread.
 */
final class DemoQuote {
    private static final byte[] TIME = DemoFrame.ascii("\",\"time\":");
    private static final byte[] BID = DemoFrame.ascii(",\"quote\":{\"bid\":");
    private static final byte[] ASK = DemoFrame.ascii(",\"ask\":");
    private static final byte[] END = DemoFrame.ascii("}}");
    private final DemoFrame frame = new DemoFrame(160);
    private final int headBytes;
    private final int digits;
    private final long startPrice;
    private final long normalSpread;
    private final int maxStep;
    private long bid;
    private long ask;

    DemoQuote(final DemoSymbols.Start start) {
        frame.put(DemoFrame.ascii("{\"symbol\":\"" + start.symbol())).put(TIME);
        headBytes = frame.length();
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
        frame.truncate(headBytes).put(timeUs, 0).put(BID).put(bid, digits).put(ASK).put(ask, digits).put(END);
    }

    /** Best bid and best ask, in steps of {@code 10^-digits}. */
    long bid() {
        return bid;
    }

    long ask() {
        return ask;
    }

    DemoFrame frame() {
        return frame;
    }
}
