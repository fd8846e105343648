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
        for (int i = 0; i < SYMBOLS.size(); i++) {
            trade += 2;
            array(TRADES + i, "[%s,%s]", trade(trade, i), trade(trade - 1, i));
            array(BOOK + i, "[%s,%s]", GeneratedBook.bids(books.get(i).bids(), LEVEL),
                GeneratedBook.asks(books.get(i).asks(), "[%s,1,-%s]"));
            sayTicker(i);
        }
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
