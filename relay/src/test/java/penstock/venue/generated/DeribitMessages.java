package penstock.venue.generated;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Deribit: JSON-RPC; each change of a book names the number of the one before. */
final class DeribitMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("BTC-PERPETUAL", "ETH-30JUL21-2800-C");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] changes = {78_000_000_000L, 13_000_000_000L};
    private final long[] trades = {230_000_000, 160};

    DeribitMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 1), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(125, 4, 1), 6));
    }

    @Override
    public void open() {
        out.say("{'jsonrpc':'2.0','id':0,'result':'ok','usIn':%d,'usOut':%d,'usDiff':64}", out.us(), out.us() + 64);
        out.pass(5);
        out.say("{'jsonrpc':'2.0','id':1,'result':['ticker.BTC-PERPETUAL.100ms','quote.BTC-PERPETUAL','deribit_price_index.btc_usd','trades.BTC-PERPETUAL.100ms','book.BTC-PERPETUAL.100ms']}");
        List.of("1", "5", "15", "60", "1D").forEach(minutes -> say("chart.trades.BTC-PERPETUAL." + minutes,
            "'volume':0.81,'tick':1795000800000,'open':63999.5,'low':63999.0,'high':64001.0,'cost':51840.0,'close':64000.5"));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayBook(i, true, books.get(i).levels());
            say("incremental_ticker." + SYMBOLS.get(i), "'type':'snapshot','timestamp':%d,'instrument_name':'%s','state':'open','mark_price':%s,'open_interest':12685.0",
                out.ms(), SYMBOLS.get(i), books.get(i).bids().get(0).price());
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final String symbol = SYMBOLS.get(i);
        final GeneratedBook book = books.get(i);
        final String bid = book.bids().get(0).price();
        final String ask = book.asks().get(0).price();
        switch (number % 10) {
            case 0 -> say("ticker." + symbol + ".100ms", "'timestamp':%d,'instrument_name':'%s','state':'open','last_price':%s,'mark_price':%s,'index_price':64001.25,"
                    + "'stats':{'volume':869.0,'price_change':0.1,'low':%s,'high':%s},'current_funding':0.00001,'best_bid_price':%s,"
                    + "'best_bid_amount':12.0,'best_ask_price':%s,'best_ask_amount':9.0,'open_interest':12685.0",
                out.ms(), symbol, bid, bid, bid, ask, bid, ask);
            case 1 -> say("quote." + symbol, "'timestamp':%d,'instrument_name':'%s','best_bid_price':%s,'best_bid_amount':%s,'best_ask_price':%s,'best_ask_amount':10.0",
                out.ms(), symbol, bid, out.random(10, 1), ask);
            case 2 -> sayTrades(i);
            case 3 -> say("incremental_ticker." + symbol, "'type':'change','timestamp':%d,'instrument_name':'%s','mark_price':%s", out.ms(),
                symbol, bid);
            case 4 -> say("deribit_price_index.btc_usd", "'timestamp':%d,'price':%s,'index_name':'btc_usd'", out.ms(),
                MessageWriter.number(6_399_000 + out.random(900), 2));
            case 5 -> say("book." + symbol + ".none.20.100ms", "'timestamp':%d,'instrument_name':'%s','change_id':%d,'bids':[%s],'asks':[%s]", out.ms(),
                symbol, changes[i], GeneratedBook.bids(book.bids(), "[%s,%s]"),
                GeneratedBook.asks(book.asks(), "[%s,%s]"));
            case 6 -> out.say("{'jsonrpc':'2.0','method':'heartbeat','params':{'type':'test_request'}}");
            default -> sayChange(i);
        }
    }

    @Override
    public void trouble() {
        changes[0] += 17;
        out.gap();
        sayChange(0);
        sayBook(0, true, books.get(0).levels());
        trades[1] += 2;
        out.gap();
        sayTrades(1);
        say("platform_state", "'price_index':'btc_usd','locked':false");
        out.say("{'jsonrpc':'2.0','id':7,'error':{'code':10028,'message':'too_many_requests'}}");
        out.say("{'jsonrpc':'2.0','id':8,'error':{'code':13009,'message':'unauthorized'}}");
        out.say("{'jsonrpc':'2.0','id':9,'error':{'code':-32601,'message':'Method not found'}}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayChange(final int i) {
        sayBook(i, false, books.get(i).change(2));
    }

    private void sayBook(final int i, final boolean isWhole, final List<GeneratedBook.Level> levels) {
        final long before = changes[i];
        changes[i] += 1 + out.random(30);
        say("book." + SYMBOLS.get(i) + ".100ms", "'type':'%s','timestamp':%d," + (isWhole ? "" : "'prev_change_id':" + before + ",")
            + "'instrument_name':'%s','change_id':%d,'bids':[%s],'asks':[%s]", isWhole ? "snapshot" : "change", out.ms(),
            SYMBOLS.get(i), changes[i], rows(levels, true, isWhole), rows(levels, false, isWhole));
    }

    private static String rows(final List<GeneratedBook.Level> levels, final boolean isBid, final boolean isWhole) {
        return levels.stream().filter(level -> level.isBid() == isBid)
            .map(level -> MessageWriter.text("['%s',%s,%s]", level.isRemoved() ? "delete"
                : level.isNew() || isWhole ? "new" : "change", level.price(), level.size()))
            .collect(Collectors.joining(","));
    }

    private void sayTrades(final int i) {
        out.say("{'jsonrpc':'2.0','method':'subscription','params':{'channel':'trades.%s.100ms','data':[%s,%s]}}", SYMBOLS.get(i), trade(i),
            trade(i));
    }

    private String trade(final int i) {
        trades[i]++;
        return MessageWriter.text("{'trade_seq':%d,'trade_id':'T-%d','timestamp':%d,'instrument_name':'%s','direction':'sell','price':%s,'amount':10.0}", trades[i],
            trades[i], out.ms() - 5, SYMBOLS.get(i), books.get(i).bids().get(0).price());
    }

    private void say(final String channel, final String data, final Object... values) {
        out.say("{'jsonrpc':'2.0','method':'subscription','params':{'channel':'" + channel + "','data':{" + data + "}}}", values);
    }
}
