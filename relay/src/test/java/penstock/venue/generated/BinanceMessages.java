package penstock.venue.generated;

import java.util.List;
import java.util.Locale;

/**
 * Binance: two pairs of the spot market and, though no connection has both, one of the futures. Books come as changes
 * only; their snapshots are fetched.
 */
final class BinanceMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> PAIRS = List.of("BTCUSDT", "ETHUSDT");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] updates = {70_000_000_000L, 30_000_000_000L, 900_000_000_000L};
    /** The last number of each depth stream. */
    private final long[] depths = updates.clone();
    private final long[] trades = {3_500_000_000L, 1_200_000_000L};
    private final long[] sums = {2_900_000_000L, 1_100_000_000L};

    BinanceMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(6_400_000, 2, 5), 8),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 4), 8),
            new GeneratedBook(out, new GeneratedBook.Scale(75_600, 4, 0), 8));
    }

    @Override
    public void open() {
        out.say("{'result':null,'id':1}");
        List.of("5m", "15m", "1h", "4h", "1d").forEach(interval -> sayCandle("BTCUSDT", interval, "64000.00"));
    }

    @Override
    public void round(final int number) {
        final int pair = out.random(PAIRS.size());
        switch (number % 16) {
            case 0, 1, 4, 7, 10, 13 -> sayQuote(pair);
            case 2, 11 -> sayTrade(pair);
            case 3, 8 -> sayDepth(pair);
            case 5, 14 -> sayFuturesDepth();
            case 6 -> sayFuturesQuote();
            case 9 -> sayAggregate(pair);
            case 12 -> {
                sayBest(pair);
                sayFuturesBest();
            }
            default -> sayStatistics(pair);
        }
    }

    @Override
    public void trouble() {
        trades[0] += 5;
        out.gap();
        sayTrade(0);
        event("sushiusdt@forceOrder", "forceOrder", "'o':{'s':'SUSHIUSDT','S':'SELL','o':'LIMIT','q':'14','p':'7.5566','X':'FILLED','T':%d}",
            out.ms());
        event("btcusdt@kline_3d", "kline", "'s':'BTCUSDT','k':{'t':1794999600000,'T':1795003199999,'s':'BTCUSDT','i':'3d','o':'64000.00','c':'64000.10'}");
        out.say("{'error':{'code':2,'msg':'Invalid request: unknown symbol'},'id':2}");
        out.say("{'code':2,'msg':'Invalid request: property name must be a string'}");
        event("!serverShutdown", "serverShutdown", "'S':0");
    }

    private void sayQuote(final int pair) {
        updates[pair] += 1 + out.random(30);
        final GeneratedBook book = books.get(pair);
        final GeneratedBook.Level bid = book.bids().get(0);
        final GeneratedBook.Level ask = book.asks().get(0);
        out.say("{'stream':'%s@bookTicker','data':{'u':%d,'s':'%s','b':'%s','B':'%s','a':'%s','A':'%s'}}", stream(pair),
            updates[pair], PAIRS.get(pair), bid.price(), out.random(1_000, 5), ask.price(), out.random(1_000, 5));
    }

    private void sayTrade(final int pair) {
        trades[pair]++;
        event(stream(pair) + "@trade", "trade", "'s':'%s','t':%d,'p':'%s','q':'%s','T':%d,'m':%b,'M':true", PAIRS.get(pair),
            trades[pair], books.get(pair).bids().get(0).price(), out.random(100, 5), out.ms(), out.random(2) == 0);
    }

    private void sayAggregate(final int pair) {
        sums[pair]++;
        event(stream(pair) + "@aggTrade", "aggTrade", "'s':'%s','a':%d,'p':'%s','q':'%s','f':%d,'l':%d,'T':%d,'m':true,'M':true",
            PAIRS.get(pair), sums[pair], books.get(pair).bids().get(0).price(), out.random(100, 5), trades[pair] - 1,
            trades[pair], out.ms());
    }

    private void sayDepth(final int pair) {
        final List<GeneratedBook.Level> changes = books.get(pair).change(4);
        updates[pair] += changes.size();
        event(stream(pair) + "@depth@100ms", "depthUpdate", "'s':'%s','U':%d,'u':%d,'b':[%s],'a':[%s]", PAIRS.get(pair),
            depths[pair] + 1, updates[pair], GeneratedBook.bids(changes, LEVEL), GeneratedBook.asks(changes, LEVEL));
        depths[pair] = updates[pair];
    }

    private void sayFuturesDepth() {
        final List<GeneratedBook.Level> changes = books.get(2).change(4);
        updates[2] += 1_000 + out.random(5_000);
        event("sushiusdt@depth@100ms", "depthUpdate", "'T':%d,'s':'SUSHIUSDT','U':%d,'u':%d,'pu':%d,'b':[%s],'a':[%s]",
            out.ms() - 3, updates[2] - 700, updates[2], depths[2], GeneratedBook.bids(changes, LEVEL),
            GeneratedBook.asks(changes, LEVEL));
        depths[2] = updates[2];
    }

    private void sayFuturesQuote() {
        final GeneratedBook book = books.get(2);
        updates[2] += 1 + out.random(300);
        event("sushiusdt@bookTicker", "bookTicker", "'u':%d,'s':'SUSHIUSDT','b':'%s','B':'%d','a':'%s','A':'%d','T':%d", updates[2],
            book.bids().get(0).price(), 1 + out.random(900), book.asks().get(0).price(), 1 + out.random(900),
            out.ms() - 2);
        event("sushiusdt@markPrice@1s", "markPriceUpdate", "'s':'SUSHIUSDT','p':'7.56112233','i':'7.56098765','r':'0.00010000','T':1795017600000");
    }

    private void sayBest(final int pair) {
        final GeneratedBook book = books.get(pair);
        out.say("{'stream':'%s@depth20@100ms','data':{'lastUpdateId':%d,'bids':[%s],'asks':[%s]}}", stream(pair), updates[pair],
            GeneratedBook.bids(book.bids(), LEVEL), GeneratedBook.asks(book.asks(), LEVEL));
    }

    private void sayFuturesBest() {
        final GeneratedBook book = books.get(2);
        event("sushiusdt@depth20@100ms", "depthUpdate", "'T':%d,'s':'SUSHIUSDT','U':%d,'u':%d,'pu':%d,'b':[%s],'a':[%s]", out.ms(),
            updates[2], updates[2], depths[2], GeneratedBook.bids(book.bids(), LEVEL),
            GeneratedBook.asks(book.asks(), LEVEL));
    }

    private void sayStatistics(final int pair) {
        final String symbol = PAIRS.get(pair);
        final String price = books.get(pair).bids().get(0).price();
        event(stream(pair) + "@ticker", "24hrTicker", "'s':'%s','p':'12.50','P':'0.195','c':'%s','o':'63990.00','h':'64100.00','l':'63800.00','v':'812.4','q':'51990000.1',"
                + "'b':'%s','B':'0.5','a':'%s','A':'0.7','n':51230",
            symbol, price, price, books.get(pair).asks().get(0).price());
        event(stream(pair) + "@miniTicker", "24hrMiniTicker", "'s':'%s','c':'%s','o':'63990.00','h':'64100.00','l':'63800.00','v':'812.4','q':'51990000.1'",
            symbol, price);
        sayCandle(symbol, "1m", price);
    }

    private void sayCandle(final String symbol, final String interval, final String price) {
        final long minute = out.ms() / 60_000 * 60_000;
        event(symbol.toLowerCase(Locale.ROOT) + "@kline_" + interval, "kline", "'s':'%s','k':{'t':%d,'T':%d,'s':'%s','i':'%s','o':'%s','c':'%s','h':'%s','l':'%s','v':'1.5','q':'96000.0','x':false}",
            symbol, minute, minute + 59_999, symbol, interval, price, price, price, price);
    }

    private void event(final String stream, final String type, final String format, final Object... values) {
        out.say("{'stream':'" + stream + "','data':{'e':'" + type + "','E':" + out.ms() + "," + format + "}}",
            values);
    }

    private static String stream(final int pair) {
        return PAIRS.get(pair).toLowerCase(Locale.ROOT);
    }
}
