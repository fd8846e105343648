package penstock.venue.generated.crypto;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Gate, version 4: spot, with books that are sent whole and then numbered from and to. */
final class GateMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("BTC_USDT", "ETH_USDT");
    private static final List<String> CHANNELS = List.of("book_ticker", "tickers", "candlesticks", "trades", "obu");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] updates = {28_606_981_000L, 17_300_220_000L};
    private long trade = 5_541_729_596L;

    GateMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 5), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 4), 6));
    }

    @Override
    public void open() {
        for (int i = 0; i < CHANNELS.size(); i++) {
            sayAnswer(i + 1, CHANNELS.get(i), "subscribe", "'result':{'status':'success'}");
        }
        List.of("5m", "15m", "1h", "4h", "1d").forEach(interval -> sayCandle(0, interval, true));
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
            case 0, 5 -> say("book_ticker", "'t':%d,'u':%d,'s':'%s','b':'%s','B':'0.5','a':'%s','A':'10'", out.ms() - 3, updates[i], symbol, bid, ask);
            case 1 -> say("trades", "'id':%d,'create_time':%d,'create_time_ms':'%d.0','side':'sell','currency_pair':'%s','amount':'%s','price':'%s'",
                trade += 1 + out.random(20), out.ms() / 1_000, out.ms(), symbol, out.random(1_000, 4), bid);
            case 2 -> say("tickers", "'currency_pair':'%s','last':'%s','lowest_ask':'%s','highest_bid':'%s','change_percentage':'0.2','base_volume':'812.4',"
                + "'quote_volume':'51990000.1','high_24h':'64100','low_24h':'63800'", symbol, bid, ask, bid);
            case 3 -> sayCandle(i, "1m", number % 2 == 0);
            case 4 -> out.say("{'time':%d,'time_ms':%d,'channel':'spot.pong','event':'','result':null}", out.ms() / 1_000, out.ms());
            default -> sayChange(i);
        }
    }

    @Override
    public void trouble() {
        updates[0] += 7;
        out.gap();
        sayChange(0);
        sayAnswer(8, "obu", "unsubscribe", "'result':{'status':'success'}");
        sayWhole(0);
        sayAnswer(9, "trades", "subscribe", "'error':{'code':2,'message':'unknown currency pair NO_PE'},'result':null");
        say("order_book", "'t':%d,'s':'BTC_USDT','bids':[],'asks':[]", out.ms());
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayAnswer(final int id, final String channel, final String event, final String rest) {
        out.say("{'time':%d,'time_ms':%d,'id':%d,'conn_id':'b61f70b2','channel':'spot.%s','event':'%s',%s}", out.ms() / 1_000, out.ms(), id, channel,
            event, rest);
    }

    private void sayCandle(final int i, final String interval, final boolean isClosed) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        say("candlesticks", "'t':'%d','v':'51990.1','c':'%s','h':'%s','l':'%s','o':'%s','n':'%s_%s','a':'0.81','w':%b", out.ms() / 60_000 * 60,
            bid, ask, bid, ask, interval, SYMBOLS.get(i), isClosed);
    }

    private void sayWhole(final int i) {
        updates[i]++;
        sayBook(i, "'full':true,", books.get(i).levels());
    }

    private void sayChange(final int i) {
        final long first = updates[i] + 1;
        updates[i] += 1 + out.random(4);
        sayBook(i, "'U':" + first + ",", books.get(i).change(3));
    }

    private void sayBook(final int i, final String what, final List<GeneratedBook.Level> levels) {
        out.say("{'channel':'spot.obu','result':{'t':%d,%s's':'ob.%s.400','u':%d,'b':[%s],'a':[%s]},'time_ms':%d,'event':'update'}", out.ms() - 2, what,
            SYMBOLS.get(i), updates[i], GeneratedBook.bids(levels, LEVEL), GeneratedBook.asks(levels, LEVEL), out.ms());
    }

    private void say(final String channel, final String result, final Object... values) {
        out.say("{'time':%d,'time_ms':%d,'channel':'spot.%s','event':'update','result':{%s}}", out.ms() / 1_000, out.ms(), channel,
            MessageWriter.text(result, values));
    }
}
