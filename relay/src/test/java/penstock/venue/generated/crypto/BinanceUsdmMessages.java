package penstock.venue.generated.crypto;

import java.util.List;
import java.util.Locale;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Binance, futures in USDT: what both addresses send, one after the other. The books' snapshots are fetched. */
final class BinanceUsdmMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("BTCUSDT", "ETHUSDT_260327");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] updates = {9_100_000_000_000L, 9_200_000_000_000L};
    /** The last number of each depth stream. */
    private final long[] depths = updates.clone();
    private final long[] sums = {2_900_000_000L, 7_100_000L};

    BinanceUsdmMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 3), 8),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 3), 8));
    }

    @Override
    public void open() {
        out.say("{'result':null,'id':1}");
        List.of("5m", "15m", "1h", "4h", "1d").forEach(interval -> sayCandle(0, interval));
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        switch (number % 10) {
            case 0, 3, 6 -> sayQuote(i);
            case 1, 5 -> sayTrade(i);
            case 2, 7 -> sayDepth(i);
            case 4 -> sayMark(i);
            case 8 -> sayTicker(i);
            default -> sayCandle(i, "1m");
        }
    }

    @Override
    public void trouble() {
        sums[0] += 5;
        out.gap();
        sayTrade(0);
        event(0, "forceOrder", "forceOrder", "'o':{'s':'BTCUSDT','S':'SELL','o':'LIMIT','q':'0.014','p':'63990.0','X':'FILLED','T':%d}", out.ms());
        out.say("{'error':{'code':2,'msg':'Invalid request: unknown symbol'},'id':2}");
        event(0, "", "serverShutdown", "'S':0");
    }

    private void sayQuote(final int i) {
        updates[i] += 1 + out.random(300);
        final GeneratedBook book = books.get(i);
        event(i, "bookTicker", "bookTicker", "'u':%d,'s':'%s','b':'%s','B':'%s','a':'%s','A':'%s','T':%d", updates[i], SYMBOLS.get(i),
            book.bids().get(0).price(), out.random(1_000, 3), book.asks().get(0).price(), out.random(1_000, 3),
            out.ms() - 2);
    }

    private void sayTrade(final int i) {
        sums[i]++;
        event(i, "aggTrade", "aggTrade", "'s':'%s','a':%d,'p':'%s','q':'%s','f':%d,'l':%d,'T':%d,'m':%b", SYMBOLS.get(i), sums[i],
            books.get(i).bids().get(0).price(), out.random(100, 3), 2 * sums[i], 2 * sums[i] + 1, out.ms() - 1,
            out.random(2) == 0);
    }

    private void sayDepth(final int i) {
        final List<GeneratedBook.Level> changes = books.get(i).change(4);
        updates[i] += 1_000 + out.random(5_000);
        event(i, "depth@100ms", "depthUpdate", "'T':%d,'s':'%s','U':%d,'u':%d,'pu':%d,'b':[%s],'a':[%s]", out.ms() - 3, SYMBOLS.get(i),
            updates[i] - 700, updates[i], depths[i], GeneratedBook.bids(changes, LEVEL),
            GeneratedBook.asks(changes, LEVEL));
        depths[i] = updates[i];
    }

    /** A contract with an end has no funding. */
    private void sayMark(final int i) {
        event(i, "markPrice@1s", "markPriceUpdate", "'s':'%s','p':'%s','P':'%s','i':'%s','r':'%s','T':%d", SYMBOLS.get(i), books.get(i).asks().get(0).price(),
            books.get(i).asks().get(0).price(), books.get(i).bids().get(0).price(), i == 0 ? "0.00010000" : "",
            i == 0 ? 1_795_017_600_000L : 0);
    }

    private void sayTicker(final int i) {
        event(i, "ticker", "24hrTicker", "'s':'%s','p':'12.50','P':'0.195','w':'63950.1','c':'%s','Q':'0.002','o':'63990.0','h':'64100.0','l':'63800.0','v':'81240.1','q':'5199000000.1','n':51230",
            SYMBOLS.get(i), books.get(i).bids().get(0).price());
    }

    private void sayCandle(final int i, final String interval) {
        final long minute = out.ms() / 60_000 * 60_000;
        final String price = books.get(i).bids().get(0).price();
        event(i, "kline_" + interval, "kline", "'s':'%s','k':{'t':%d,'T':%d,'s':'%s','i':'%s','o':'%s','c':'%s','h':'%s','l':'%s','v':'1.5','q':'96000.0','x':false}",
            SYMBOLS.get(i), minute, minute + 59_999, SYMBOLS.get(i), interval, price, price, price, price);
    }

    private void event(final int i, final String stream, final String type, final String format,
            final Object... values) {
        out.say("{'stream':'%s','data':{'e':'%s','E':%d,%s}}",
            stream.isEmpty() ? "!serverShutdown" : SYMBOLS.get(i).toLowerCase(Locale.ROOT) + "@" + stream, type,
            out.ms(), MessageWriter.text(format, values));
    }
}
