package penstock.venue.generated.crypto;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Coinbase Advanced Trade: frames that the connection numbers, with events in each. */
final class CoinbaseAdvancedMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("BTC-USD", "ETH-USD");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private long trade = 921_010_000;
    private long frame;
    private int beats;

    CoinbaseAdvancedMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(6_400_000, 2, 8), 4),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 8), 4));
    }

    @Override
    public void open() {
        sayAnswer();
        sayBook(0, "snapshot", books.get(0).levels());
        sayBook(1, "snapshot", books.get(1).levels());
        say("market_trades", "{'type':'snapshot','trades':[%s]}", trade(0));
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final String symbol = SYMBOLS.get(i);
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        switch (number % 8) {
            case 0 -> say("ticker", "{'type':'update','tickers':[{'type':'ticker','product_id':'%s','price':'%s','volume_24_h':'812.4','low_24_h':'63800.01','high_24_h':'64100.99',"
                + "'best_bid':'%s','best_ask':'%s','best_bid_quantity':'0.5','best_ask_quantity':'0.7'}]}",
                symbol, bid, bid, ask);
            case 1 -> say("market_trades", "{'type':'update','trades':[%s,%s]}", trade(i), trade(i));
            case 2 -> say("candles", "{'type':'update','candles':[{'start':'%d','high':'%s','low':'%s','open':'%s','close':'%s','volume':'12.5','product_id':'%s'}]}",
                out.ms() / 300_000 * 300, ask, bid, bid, ask, symbol);
            case 3 -> say("heartbeats", "{'current_time':'%s','heartbeat_counter':%d}", out.time("yyyy-MM-dd HH:mm:ss.SSSSSS '+0000 UTC'"), ++beats);
            default -> sayBook(i, "update", books.get(i).change(2));
        }
    }

    @Override
    public void trouble() {
        out.say("{'type':'error','message':'invalid product NO-PE'}");
        out.say("{'type':'error','message':'rate limit exceeded'}");
        say("status", "{'type':'snapshot','products':[]}");
        out.gap();
        frame += 2;
        sayAnswer();
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayAnswer() {
        say("subscriptions", "{'subscriptions':{'heartbeats':['heartbeats'],'level2':['BTC-USD','ETH-USD']}}");
    }

    private String trade(final int i) {
        return MessageWriter.text("{'trade_id':'%d','product_id':'%s','price':'%s','size':'%s','side':'SELL','time':'%s'}", ++trade, SYMBOLS.get(i),
            books.get(i).asks().get(0).price(), out.random(1_000_000, 8), out.rfc3339(6));
    }

    private void sayBook(final int i, final String type, final List<GeneratedBook.Level> levels) {
        final String time = out.rfc3339(0);
        final String bid = "{'side':'bid','event_time':'" + time + "','price_level':'%s','new_quantity':'%s'}";
        final String rows = GeneratedBook.rows(levels, GeneratedBook.Level::isBid, bid);
        final String others = GeneratedBook.rows(levels, level -> !level.isBid(), bid.replace("'bid'", "'offer'"));
        say("l2_data", "{'type':'%s','product_id':'%s','updates':[%s%s%s]}", type, SYMBOLS.get(i), rows, rows.isEmpty() || others.isEmpty() ? "" : ",", others);
    }

    private void say(final String channel, final String event, final Object... values) {
        out.say("{'channel':'%s','timestamp':'%s','sequence_num':%d,'events':[%s]}", channel, out.rfc3339(6), frame++, MessageWriter.text(event, values));
    }
}
