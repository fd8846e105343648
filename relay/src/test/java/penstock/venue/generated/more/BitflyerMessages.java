package penstock.venue.generated.more;

import java.util.List;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** bitFlyer: JSON-RPC, and a ticker that has the best prices. */
final class BitflyerMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("BTC_JPY", "FX_BTC_JPY");
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
        for (int id = 1; id <= 4; id++) {
            out.say("{'jsonrpc':'2.0','id':%d,'result':true}", id);
        }
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayTicker(i);
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        if (number % 4 == 0) {
            say("executions", i, "[" + trade(i) + "," + trade(i) + "]");
        } else {
            books.get(i).change(3);
            sayTicker(i);
        }
    }

    @Override
    public void trouble() {
        say("board", 0, "{'mid_price':9800000.0,'bids':[{'price':9799999.0,'size':0}],'asks':[]}");
        out.say("{'jsonrpc':'2.0','id':5,'error':{'code':-32602,'message':'Invalid params'}}");
    }

    private void sayTicker(final int i) {
        final GeneratedBook.Level bid = books.get(i).bids().get(0);
        final GeneratedBook.Level ask = books.get(i).asks().get(0);
        tick++;
        say("ticker", i, MessageWriter.text("{'product_code':'%s','state':'RUNNING','timestamp':'%s','tick_id':%d,'best_bid':%s,'best_ask':%s,'best_bid_size':%s,'best_ask_size':%s,"
            + "'ltp':%s,'volume_by_product':%s}", SYMBOLS.get(i), time(), tick, bid.price(), ask.price(), bid.size(),
            ask.size(), bid.price(), out.random(9_000_000, 4)));
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
