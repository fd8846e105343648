package penstock.venue.generated.more;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** KuCoin: a greeting, topics that name the symbol, and whole books. */
final class KucoinMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("BTC-USDT", "ETH-BTC");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] sequences = {14_691_517_895L, 1_636_276_321L};

    KucoinMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 8), 5),
            new GeneratedBook(out, new GeneratedBook.Scale(3_100_000, 8, 6), 5));
    }

    @Override
    public void open() {
        out.say("{'id':'penstock','type':'welcome'}");
        for (int id = 1; id <= 10; id++) {
            out.say("{'id':'%d','type':'ack'}", id);
        }
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayBook(i);
        }
        List.of("15min", "1hour", "4hour", "1day").forEach(interval -> sayCandle(0, interval, "0.81", "51990.1"));
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final GeneratedBook.Level bid = books.get(i).bids().get(0);
        final GeneratedBook.Level ask = books.get(i).asks().get(0);
        switch (number % 7) {
            case 0 -> say("spotMarket/level1:" + SYMBOLS.get(i), "level1", "'asks':['%s','%s'],'bids':['%s','%s'],'timestamp':%d",
                ask.price(), ask.size(), bid.price(), bid.size(), out.ms());
            case 1 -> sayTrade(i);
            case 2 -> sayTicker(i, bid, ask);
            case 3 -> sayCandle(i, "1min");
            case 5 -> out.say("{'id':'%d','type':'pong'}", out.ms());
            default -> {
                books.get(i).change(3);
                sayBook(i);
            }
        }
    }

    @Override
    public void trouble() {
        sayCandle(0, "3min");
        out.say("{'id':'11','type':'error','code':404,'data':'topic /market/match:NO-PE is not found'}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayBook(final int i) {
        say("spotMarket/level2Depth50:" + SYMBOLS.get(i), "level2", "'asks':[%s],'bids':[%s],'timestamp':%d",
            GeneratedBook.asks(books.get(i).asks(), LEVEL), GeneratedBook.bids(books.get(i).bids(), LEVEL), out.ms());
    }

    private void sayTrade(final int i) {
        final boolean isBuy = out.random(2) == 0;
        final GeneratedBook book = books.get(i);
        sequences[i] += 1 + out.random(9);
        say("market/match:" + SYMBOLS.get(i), "trade.l3match", "'makerOrderId':'62fadde41add%d','price':'%s','sequence':'%d','side':'%s','size':'%s','symbol':'%s',"
            + "'takerOrderId':'62faddfff047%d','time':'%d000','tradeId':'%d','type':'match'", sequences[i],
            (isBuy ? book.asks() : book.bids()).get(0).price(), sequences[i], isBuy ? "buy" : "sell",
            out.random(1_000_000, 8), SYMBOLS.get(i), sequences[i], out.us(), sequences[i]);
    }

    private void sayTicker(final int i, final GeneratedBook.Level bid, final GeneratedBook.Level ask) {
        say("market/snapshot:" + SYMBOLS.get(i), "trade.snapshot", "'sequence':'%d','data':{'askSize':%s,'bidSize':%s,'buy':%s,'sell':%s,'changePrice':-12.50000000000000000000,"
            + "'close':%s,'datetime':%d,'high':%s,'lastTradedPrice':%s,'low':%s,'open':%s,'vol':%s,'volValue':%s,'symbolCode':'%s'}", sequences[i], ask.size(),
            bid.size(), bid.price(), ask.price(), bid.price(), out.ms(), ask.price(), bid.price(), bid.price(),
            ask.price(), out.random(90_000_000, 8), out.random(900_000_000, 8), SYMBOLS.get(i));
    }

    private void sayCandle(final int i, final String interval) {
        sayCandle(i, interval, out.random(90_000_000, 8), out.random(900_000_000, 8));
    }

    private void sayCandle(final int i, final String interval, final String volume, final String turnover) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        say("market/candles:" + SYMBOLS.get(i) + "_" + interval, "trade.candles.update", "'symbol':'%s','candles':['%d','%s','%s','%s','%s','%s','%s'],'time':%d000", SYMBOLS.get(i),
            out.ms() / 60_000 * 60, bid, ask, ask, bid, volume, turnover, out.us());
    }

    private void say(final String topic, final String subject, final String data, final Object... values) {
        out.say("{'topic':'/" + topic + "','type':'message','subject':'" + subject + "','data':{" + data + "}}", values);
    }
}
