package penstock.venue.generated.crypto;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Crypto.com Exchange: data that look like answers, and books whose changes name the one before. */
final class CryptoComMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s','2']";
    private static final List<String> SYMBOLS = List.of("BTC_USDT", "BTCUSD-PERP");
    private static final List<String> CHANNELS = List.of("ticker", "mark", "candlestick.1m", "trade", "book");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] updates = {725_606_939_200L, 735_606_939_200L};
    private long trade = 4_611_686_018_439_397_540L;

    CryptoComMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 5), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(641_000, 1, 4), 6));
    }

    @Override
    public void open() {
        for (int i = 0; i < CHANNELS.size(); i++) {
            out.say("{'id':%d,'method':'subscribe','code':0,'channel':'%s.BTCUSD-PERP'}", i + 1, CHANNELS.get(i));
        }
        List.of("5m", "15m", "1h", "4h", "1D").forEach(interval -> sayCandle(0, interval));
        sayWhole(0);
        sayWhole(1);
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final String symbol = SYMBOLS.get(i);
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        switch (number % 9) {
            case 0, 5 -> say(i, "ticker", "", "{'h':'64100.0','l':'63800.0','a':'%s','c':'0.0032','b':'%s','bs':'0.5','k':'%s','ks':'0.7','i':'%s','v':'812.4','vv':'51990000.1',"
                + "'oi':'318.5','t':%d}", bid, bid, ask, symbol, out.ms());
            case 1 -> say(i, "trade", "", "%s,%s", trade(i), trade(i));
            case 2 -> sayCandle(i, "1m");
            case 3 -> say(1, "mark", "", "{'v':'%s','t':%d}", books.get(1).asks().get(0).price(), out.ms() / 1_000 * 1_000);
            case 4 -> out.say("{'id':%d,'method':'public/heartbeat','code':0}", out.ms());
            default -> sayChange(i);
        }
    }

    @Override
    public void trouble() {
        out.gap();
        updates[0] += 64;
        sayChange(0);
        sayWhole(0);
        say(0, "ticker", "", "{'h':null,'l':null,'a':'64000.5','c':null,'b':null,'bs':null,'k':'64001.0','ks':'0.7','i':'BTC_USDT','v':'0','vv':'0','oi':'0','t':%d}", out.ms());
        say(1, "funding", "", "{'v':'0.000007','t':%d}", out.ms());
        out.say("{'id':7,'method':'unsubscribe','code':0}");
        out.say("{'id':8,'method':'subscribe','code':40003,'message':'Unknown symbol','original':'ticker.NO_PE'}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayCandle(final int i, final String interval) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        say(i, "candlestick", "'interval':'" + interval + "',", "{'o':'%s','h':'%s','l':'%s','c':'%s','v':'12.5','t':%d,'ut':%d}", bid, ask, bid, ask,
            out.ms() / 60_000 * 60_000, out.ms());
    }

    private String trade(final int i) {
        return MessageWriter.text("{'d':'%d','t':%d,'p':'%s','q':'%s','s':'SELL','i':'%s'}", trade += 1 + out.random(900), out.ms() - 5,
            books.get(i).bids().get(0).price(), out.random(1_000, 4), SYMBOLS.get(i));
    }

    private void sayWhole(final int i) {
        final List<GeneratedBook.Level> levels = books.get(i).levels();
        updates[i] += 64;
        say(i, "book", "'depth':50,", "{'bids':[%s],'asks':[%s],'t':%d,'tt':%d,'u':%d,'cs':380529173}", GeneratedBook.bids(levels, LEVEL),
            GeneratedBook.asks(levels, LEVEL), out.ms(), out.ms() - 8, updates[i]);
    }

    private void sayChange(final int i) {
        final long before = updates[i];
        final List<GeneratedBook.Level> levels = books.get(i).change(3);
        updates[i] += 64 + out.random(64);
        say(i, "book.update", "'depth':50,", "{'update':{'asks':[%s],'bids':[%s]},'t':%d,'tt':%d,'u':%d,'pu':%d,'cs':380529173}", GeneratedBook.asks(levels, LEVEL),
            GeneratedBook.bids(levels, LEVEL), out.ms(), out.ms() - 8, updates[i], before);
    }

    private void say(final int i, final String channel, final String more, final String data,
            final Object... values) {
        out.say("{'id':-1,'method':'subscribe','code':0,'result':{'instrument_name':'%s','subscription':'%s.%s','channel':'%s',%s'data':[%s]}}",
            SYMBOLS.get(i), channel.replace(".update", ""), SYMBOLS.get(i), channel, more,
            MessageWriter.text(data, values));
    }
}
