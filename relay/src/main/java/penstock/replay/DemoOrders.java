package penstock.replay;

/**
 * The order book of one symbol around its quote, and its trades. Allocates nothing.
 *
 * <p>Owned by the demo server's io thread.
 */
final class DemoOrders {
    private static final int LEVELS = 10;
    private static final int SIZE_DIGITS = 2;
    private static final byte[] TIME = DemoFrame.ascii("\",\"time\":");
    private static final byte[] BIDS = DemoFrame.ascii(",\"book\":{\"bids\":[[");
    private static final byte[] ASKS = DemoFrame.ascii("]],\"asks\":[[");
    private static final byte[] END_OF_BOOK = DemoFrame.ascii("]]}}");
    private static final byte[] NEXT = DemoFrame.ascii("],[");
    private static final byte[] COMMA = DemoFrame.ascii(",");
    private static final byte[] TRADE = DemoFrame.ascii(",\"trade\":{\"price\":");
    private static final byte[] SIZE = DemoFrame.ascii(",\"size\":");
    private static final byte[] BUY = DemoFrame.ascii(",\"side\":\"buy\",\"id\":\"");
    private static final byte[] SELL = DemoFrame.ascii(",\"side\":\"sell\",\"id\":\"");
    private static final byte[] END_OF_TRADE = DemoFrame.ascii("\"}}");
    private final DemoFrame frame = new DemoFrame(1_024);
    private final int headBytes;
    private final int digits;
    /** The distance of two levels. */
    private final long step;
    private final long seed;
    private int quoteCount;
    private int bookCount;
    private long tradeCount;

    DemoOrders(final DemoSymbols.Start start) {
        frame.put(DemoFrame.ascii("{\"symbol\":\"" + start.symbol())).put(TIME);
        headBytes = frame.length();
        digits = start.digits();
        step = Math.max(1, start.spread() / 2);
        seed = start.symbol().hashCode();
    }

    /** Notes one more quote; returns how many there were. */
    int countQuote() {
        return ++quoteCount;
    }

    /** The whole book at the quote. */
    DemoFrame book(final long timeUs, final DemoQuote quote) {
        bookCount++;
        frame.truncate(headBytes).put(timeUs, 0).put(BIDS);
        putLevel(quote.bid(), 0);
        for (int i = 1; i < LEVELS; i++) {
            frame.put(NEXT);
            putLevel(((quote.bid() - 1) / step - i + 1) * step, i);
        }
        frame.put(ASKS);
        putLevel(quote.ask(), 0);
        for (int i = 1; i < LEVELS; i++) {
            frame.put(NEXT);
            putLevel((quote.ask() / step + i) * step, i);
        }
        return frame.put(END_OF_BOOK);
    }

    /** A trade at one of the best prices. */
    DemoFrame trade(final long timeUs, final DemoQuote quote) {
        final long chance = mix(seed - ++tradeCount);
        final boolean isBuy = (chance & 1) == 0;
        final long price = isBuy ? quote.ask() : quote.bid();
        frame.truncate(headBytes).put(timeUs, 0).put(TRADE).put(price, digits);
        frame.put(SIZE).put(1 + (chance >>> 8) % 400, SIZE_DIGITS);
        return frame.put(isBuy ? BUY : SELL).put(tradeCount, 0).put(END_OF_TRADE);
    }

    /** A price keeps its size for 4 to 32 books, as orders stay for a while; there is more behind the best price. */
    private void putLevel(final long price, final int depth) {
        final long ofPrice = mix(seed + price);
        final long ofNow = mix(ofPrice + (bookCount + (ofPrice & 31) >>> 2 + (ofPrice >>> 5 & 3)));
        frame.put(price, digits).put(COMMA).put((20 + (ofNow >>> 8) % 300) * (depth + 3) / 3, SIZE_DIGITS);
    }

    /** Spreads the bits of a number over all others (SplitMix64); not negative. */
    private static long mix(final long number) {
        long mixed = (number ^ number >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return (mixed ^ mixed >>> 31) >>> 1;
    }
}
