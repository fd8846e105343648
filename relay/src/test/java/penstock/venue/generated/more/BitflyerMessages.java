package penstock.venue.generated.more;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** bitFlyer: JSON-RPC, a ticker that has the best prices, and books that two subscriptions make together. */
final class BitflyerMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("BTC_JPY", "FX_BTC_JPY");
    private static final String LEVEL = "{'price':%s,'size':%s}";
    private static final List<String> SIDES = List.of("BUY", "SELL", "");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private long tick = 2_830_807;
    private long trade = 2_560_000_000L;

    BitflyerMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(98_000_000, 1, 8), 5),
            new GeneratedBook(out, new GeneratedBook.Scale(98_100_000, 1, 8), 5));
    }

    @Override
    public void open() {
        for (int id = 1; id <= 6; id++) {
            out.say("{'jsonrpc':'2.0','id':%d,'result':true}", id);
        }
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayTicker(i);
            // of a book that is not complete yet
            sayBoard("board", i, books.get(i).change(1));
            sayBoard("board_snapshot", i, books.get(i).levels());
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        switch (number % 4) {
            case 0 -> say("executions", i, "[" + trade(i) + "," + trade(i) + "]");
            case 1 -> sayTicker(i);
            default -> sayBoard("board", i, books.get(i).change(2));
        }
    }

    @Override
    public void trouble() {
        sayBoard("board_snapshot", 0, books.get(0).levels());
        say("parent_order_events", 0, "[]");
        out.say("{'jsonrpc':'2.0','id':5,'error':{'code':-32602,'message':'Invalid params'}}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayTicker(final int i) {
        final GeneratedBook.Level bid = books.get(i).bids().get(0);
        final GeneratedBook.Level ask = books.get(i).asks().get(0);
        tick++;
        say("ticker", i, MessageWriter.text("{'product_code':'%s','state':'RUNNING','timestamp':'%s','tick_id':%d,'best_bid':%s,'best_ask':%s,'best_bid_size':%s,'best_ask_size':%s,"
            + "'ltp':%s,'volume_by_product':%s}", SYMBOLS.get(i), time(), tick, bid.price(), ask.price(), bid.size(),
            ask.size(), bid.price(), out.random(9_000_000, 4)));
    }

    private void sayBoard(final String channel, final int i, final List<GeneratedBook.Level> levels) {
        say(channel, i, MessageWriter.text("{'mid_price':%s,'bids':[%s],'asks':[%s]}", books.get(i).bids().get(0).price(),
            GeneratedBook.bids(levels, LEVEL), GeneratedBook.asks(levels, LEVEL)));
    }

    private String trade(final int i) {
        final String side = SIDES.get(out.random(SIDES.size()));
        trade += 1 + out.random(9);
        return MessageWriter.text("{'id':%d,'side':'%s','price':%s,'size':%s,'exec_date':'%s'}", trade, side,
            books.get(i).asks().get(0).price(), out.random(1_000_000, 8), time());
    }

    private String time() {
        return out.time("yyyy-MM-dd'T'HH:mm:ss.SSSSSSS'Z'");
    }

    private void say(final String channel, final int i, final String message) {
        out.say("{'jsonrpc':'2.0','method':'channelMessage','params':{'channel':'lightning_" + channel + "_" + SYMBOLS.get(i) + "','message':%s}}", message);
    }
}
