package penstock.venue.generated;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** BitMEX: tables of rows; rows of a book have ids. */
final class BitmexMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("XBTUSD", "ETHUSD");
    private static final List<String> TABLES = List.of("quote", "orderBook10", "instrument", "trade", "orderBookL2_25");

    private final MessageWriter out;
    private final List<GeneratedBook> books;

    BitmexMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 0), 5),
            new GeneratedBook(out, new GeneratedBook.Scale(31_000, 1, 0), 5));
    }

    @Override
    public void open() {
        out.say("{'info':'Welcome to the BitMEX Realtime API.','version':'2.0.0','timestamp':'%s','docs':'https://www.bitmex.com/app/wsAPI'}",
            out.rfc3339(3));
        for (final String table : TABLES) {
            out.say("{'success':true,'subscribe':'%s:XBTUSD','request':{'op':'subscribe','args':['%s:XBTUSD']}}", table, table);
        }
        // empty, and filled later
        out.say("{'table':'orderBookL2_25','action':'partial','keys':['symbol','id','side'],'types':{},'filter':{'symbol':'SOLUSD'},'data':[]}");
        List.of("1m", "5m", "1h", "1d").forEach(bin ->
            out.say("{'table':'tradeBin%s','action':'insert','data':[{'timestamp':'%s','symbol':'XBTUSD','open':63999.5,'high':64001,'low':63999,'close':64000.5,'trades':12,"
                + "'volume':8100}]}", bin, out.rfc3339(3)));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            final GeneratedBook book = books.get(i);
            sayRows(i, "partial", book.bids(), "'size':%s,'price':%s,");
            sayRows(i, "insert", book.asks(), "'size':%s,'price':%s,");
            out.say("{'table':'instrument','action':'partial','keys':['symbol'],'data':[{'symbol':'%s','state':'Open','lastPrice':%s,"
                + "'prevPrice24h':63990.0,'highPrice':64100.0,'lowPrice':63800.0,'volume24h':51990,'bidPrice':%s,'askPrice':%s,'markPrice':63999.97,"
                + "'indicativeSettlePrice':63999.1,'fundingRate':0.0001,'fundingTimestamp':'2026-11-18T12:00:00.000Z','openInterest':812,'timestamp':'%s'}]}",
                SYMBOLS.get(i), book.bids().get(0).price(), book.bids().get(0).price(), book.asks().get(0).price(),
                out.rfc3339(3));
        }
    }

    @Override
    public void round(final int number) {
        final int symbol = out.random(SYMBOLS.size());
        final GeneratedBook book = books.get(symbol);
        switch (number % 8) {
            case 0 -> out.say("{'table':'quote','action':'insert','data':[%s,%s]}", quote(symbol), quote(symbol));
            case 1 -> out.say("{'table':'trade','action':'insert','data':[{'timestamp':'%s','symbol':'%s','side':'Sell','size':%d,'price':%s,'tickDirection':'MinusTick','trdMatchID':'00000000-006d-1000-0000-0%011d'}]}",
                out.rfc3339(3), SYMBOLS.get(symbol), 100 + out.random(900), book.bids().get(0).price(), number);
            case 2 -> out.say("{'table':'orderBook10','action':'update','data':[{'symbol':'%s','bids':[%s],'asks':[%s],'timestamp':'%s'}]}",
                SYMBOLS.get(symbol), GeneratedBook.bids(book.bids(), "[%s,%s]"),
                GeneratedBook.asks(book.asks(), "[%s,%s]"), out.rfc3339(3));
            case 3 -> out.say("{'table':'instrument','action':'update','data':[{'symbol':'%s','lastPrice':%s,'timestamp':'%s'}]}",
                SYMBOLS.get(symbol), book.bids().get(0).price(), out.rfc3339(3));
            case 6 -> out.say("pong");
            default -> sayChange(symbol);
        }
    }

    @Override
    public void trouble() {
        out.say("{'table':'instrument','action':'delete','data':[{'symbol':'ETHUSD'}]}");
        out.say("{'success':true,'unsubscribe':'quote:ETHUSD','request':{'op':'unsubscribe','args':['quote:ETHUSD']}}");
        out.say("{'table':'funding','action':'insert','data':[{'symbol':'XBTUSD','fundingRate':0.0001}]}");
        out.say("{'status':400,'error':'Unknown or expired symbol.','meta':{},'request':{'op':'subscribe','args':['quote:NOPE']}}");
        out.say("{'status':429,'error':'Rate limit exceeded, retry in 7 seconds.','meta':{'retryAfter':7}}");
        out.say("{'status':401,'error':'Invalid API Key.','meta':{}}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    /** A frame has one kind of change and one symbol. */
    private void sayChange(final int symbol) {
        final List<GeneratedBook.Level> changes = books.get(symbol).change(3);
        sayRows(symbol, "delete", changes.stream().filter(GeneratedBook.Level::isRemoved).toList(), "");
        sayRows(symbol, "update", changes.stream().filter(level -> !level.isRemoved() && !level.isNew()).toList(),
            "'size':%s,");
        sayRows(symbol, "insert", changes.stream().filter(GeneratedBook.Level::isNew).toList(), "'size':%s,'price':%s,");
    }

    private void sayRows(final int symbol, final String action, final List<GeneratedBook.Level> levels,
            final String values) {
        if (!levels.isEmpty()) {
            out.say("{'table':'orderBookL2_25','action':'%s','data':[%s]}", action, levels.stream()
                .map(level -> row(symbol, level, MessageWriter.text(values, level.size(), level.price())))
                .collect(Collectors.joining(",")));
        }
    }

    private String row(final int symbol, final GeneratedBook.Level level, final String values) {
        return MessageWriter.text("{'symbol':'%s','id':%d,'side':'%s',%s'timestamp':'%s'}", SYMBOLS.get(symbol),
            8_800_000_000L * (symbol + 1) - level.ticks(), level.isBid() ? "Buy" : "Sell", values, out.rfc3339(3));
    }

    private String quote(final int symbol) {
        final GeneratedBook book = books.get(symbol);
        return MessageWriter.text("{'timestamp':'%s','symbol':'%s','bidSize':%d,'bidPrice':%s,'askPrice':%s,'askSize':%d}", out.rfc3339(3),
            SYMBOLS.get(symbol), 100 * (1 + out.random(90)), book.bids().get(0).price(), book.asks().get(0).price(),
            100 * (1 + out.random(90)));
    }
}
