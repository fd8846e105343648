package penstock.venue.generated;

import java.util.List;
import java.util.Map;

/** Bitfinex: channel ids, and a number at the end of every array. */
final class BitfinexMessages implements GeneratedVenue {
    private static final String LEVEL = "[%s,2,%s]";
    private static final List<String> SYMBOLS = List.of("tBTCUSD", "tETHUSD");
    private static final int TICKER = 2000;
    private static final int TRADES = 2100;
    private static final int BOOK = 2200;
    private static final int CANDLES = 2300;
    private static final int MARK = 2400;
    private static final List<String> INTERVALS = List.of("1m", "5m", "15m", "1h", "1D");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private long trade = 640_000_000;
    private long sequence;

    BitfinexMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 4), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(31_000, 1, 4), 6));
    }

    @Override
    public void open() {
        out.say("{'event':'info','version':2,'serverId':'00000000-0000-0000-0000-000000000000','platform':{'status':1}}");
        out.pass(5);
        out.say("{'event':'conf','status':'OK','flags':65536}");
        for (int i = 0; i < SYMBOLS.size(); i++) {
            subscribed("ticker", TICKER + i, SYMBOLS.get(i));
            subscribed("trades", TRADES + i, SYMBOLS.get(i));
            subscribed("book", BOOK + i, SYMBOLS.get(i));
        }
        for (int i = 0; i < INTERVALS.size(); i++) {
            out.say("{'event':'subscribed','channel':'candles','chanId':%d,'key':'trade:%s:tBTCUSD'}", CANDLES + i,
                INTERVALS.get(i));
        }
        out.say("{'event':'subscribed','channel':'status','chanId':%d,'key':'deriv:tBTCF0:USTF0'}", MARK);
        for (int i = 0; i < SYMBOLS.size(); i++) {
            trade += 2;
            array(TRADES + i, "[%s,%s]", trade(trade, i), trade(trade - 1, i));
            array(BOOK + i, "[%s,%s]", GeneratedBook.bids(books.get(i).bids(), LEVEL),
                GeneratedBook.asks(books.get(i).asks(), "[%s,1,-%s]"));
            sayTicker(i);
        }
        for (int i = 0; i < INTERVALS.size(); i++) {
            array(CANDLES + i, "[%s,[1794999900000,63990.1,63991.2,63995.5,63989.9,3.21]]", candle());
            array(CANDLES + i, candle());
        }
        array(MARK, "[%d,null,64101.5,64000.5,null,1396531.67,null,1795003200000,0.00001056,6,null,0.0001,null,null,"
            + "64099.75,null,null,1246.5025,null,null,null,null,0.3]", out.ms());
    }

    @Override
    public void round(final int number) {
        final int symbol = out.random(SYMBOLS.size());
        switch (number % 8) {
            case 0 -> sayTicker(symbol);
            case 3 -> sayTrade(symbol);
            case 6 -> array(TICKER + symbol, "'hb'");
            default -> books.get(symbol).change(1).forEach(level -> array(BOOK + symbol, "[%s,%d,%s]", level.price(),
                level.isRemoved() ? 0 : 2,
                level.isRemoved() ? level.isBid() ? "1" : "-1" : (level.isBid() ? "" : "-") + level.size()));
        }
    }

    @Override
    public void trouble() {
        array(BOOK, "'cs',-1421339422");
        array(CANDLES, "[]");
        sequence += 3;
        out.gap();
        sayTicker(0);
        out.say("{'event':'unsubscribed','status':'OK','chanId':%d}", TICKER);
        out.say("{'event':'error','channel':'book','symbol':'tNOPE','msg':'symbol: invalid','code':10300}");
        out.say("{'event':'error','msg':'maximum number of channels exceeded','code':10305}");
        out.say("{'event':'info','code':20060,'msg':'Entering in Maintenance mode'}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void subscribed(final String channel, final int id, final String symbol) {
        out.say("{'event':'subscribed','channel':'%s','chanId':%d,'symbol':'%s','pair':'%s'}", channel, id, symbol,
            symbol.substring(1));
    }

    private void sayTicker(final int symbol) {
        final GeneratedBook book = books.get(symbol);
        array(TICKER + symbol, "[%s,12.5,%s,9.75,-103.5,-0.0016,%s,8123.4,64800.5,63100.5]",
            book.bids().get(0).price(), book.asks().get(0).price(), book.bids().get(0).price());
    }

    /** Of the minute, which all other intervals begin with, too. */
    private String candle() {
        return "[1794999960000,63991.2," + books.get(0).bids().get(0).price() + ",64001.5,63985.1,12.0375]";
    }

    /** Each trade comes twice. */
    private void sayTrade(final int symbol) {
        trade++;
        final String text = trade(trade, symbol);
        array(TRADES + symbol, "'te'," + text);
        array(TRADES + symbol, "'tu'," + text);
    }

    private String trade(final long id, final int symbol) {
        return "[" + id + "," + out.ms() + ",-0." + (1 + id % 9) + "," + books.get(symbol).bids().get(0).price() + "]";
    }

    private void array(final int channel, final String format, final Object... values) {
        sequence++;
        out.say("[" + channel + "," + format + "," + sequence + "]", values);
    }
}
