package penstock.venue.generated.more;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** dYdX: all messages of a connection have numbers, and the answer to a subscription is the first value. */
final class DydxV4Messages implements GeneratedVenue {
    private static final String ROW = "{'price':'%s','size':'%s'}";
    private static final String PAIR = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("BTC-USD", "ETH-USD");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private long messages;
    private long trades = 0x165e_6170;

    DydxV4Messages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(64_000, 0, 4), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(31_000, 1, 3), 6));
    }

    @Override
    public void open() {
        say("connected", "");
        say("subscribed", ",'channel':'v4_markets','contents':{'markets':{'BTC-USD':%s,'ETH-USD':%s}}", market(0), market(1));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            final GeneratedBook book = books.get(i);
            say("subscribed", ",'channel':'v4_orderbook','id':'%s','contents':{'bids':[%s],'asks':[%s]}", SYMBOLS.get(i),
                GeneratedBook.bids(book.levels(), ROW), GeneratedBook.asks(book.levels(), ROW));
            say("subscribed", ",'channel':'v4_trades','id':'%s','contents':{'trades':[%s,%s]}", SYMBOLS.get(i), trade(i), trade(i));
            say("subscribed", ",'channel':'v4_candles','id':'%s/1MIN','contents':{'candles':[%s,%s]}", SYMBOLS.get(i), candle(i, "1MIN"), candle(i, "1MIN"));
        }
        List.of("5MINS", "15MINS", "1HOUR", "4HOURS", "1DAY").forEach(this::sayCandle);
    }

    private void sayCandle(final String resolution) {
        final String candle = candle(0, resolution, "0.8100", "51990.1000");
        say("subscribed", ",'channel':'v4_candles','id':'BTC-USD/%s','contents':{'candles':[%s]}", resolution, candle);
        say("channel_data", ",'id':'BTC-USD/%s','channel':'v4_candles','version':'1.0.0','contents':%s", resolution, candle);
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        switch (number % 5) {
            case 0 -> sayTrade(i);
            case 1 -> say("channel_data", ",'id':'%s/1MIN','channel':'v4_candles','version':'1.0.0','contents':%s", SYMBOLS.get(i), candle(i, "1MIN"));
            default -> sayChange(i);
        }
        if (number % 10 == 4) {
            say("channel_data", ",'channel':'v4_markets','version':'1.0.0','contents':{'oraclePrices':{'ETH-USD':{'oraclePrice':'%s','effectiveAtHeight':'%d','marketId':1}}}",
                books.get(1).asks().get(0).price(), 1_000 + number);
            say("channel_data", ",'channel':'v4_markets','version':'1.0.0','contents':{'trading':{'BTC-USD':{'openInterest':'%d','trades24H':73%d},'ETH-USD':{'trades24H':12}}}",
                648 + number, number);
        }
    }

    @Override
    public void trouble() {
        say("channel_data", ",'channel':'v4_block_height','version':'1.0.0','contents':{'blockHeight':'12'}");
        say("channel_data", ",'channel':'v4_markets','version':'1.0.0','contents':{'trading':{'BTC-USD':{'nextFundingRate':'-0.00001'}}}");
        say("unsubscribed", ",'channel':'v4_trades','id':'ETH-USD'");
        say("error", ",'message':'Invalid subscription id'");
        messages += 3;
        out.gap();
        sayTrade(0);
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    /** A side without a change is absent. */
    private void sayChange(final int i) {
        final List<GeneratedBook.Level> changes = books.get(i).change(3);
        final String bids = GeneratedBook.bids(changes, PAIR);
        final String asks = GeneratedBook.asks(changes, PAIR);
        final String both = bids.isEmpty() ? "'asks':[" + asks + "]"
            : "'bids':[" + bids + "]" + (asks.isEmpty() ? "" : ",'asks':[" + asks + "]");
        say("channel_data", ",'id':'%s','channel':'v4_orderbook','version':'1.0.0','contents':{%s}", SYMBOLS.get(i), both);
    }

    private void sayTrade(final int i) {
        say("channel_data", ",'id':'%s','channel':'v4_trades','version':'2.1.0','contents':{'trades':[%s]}", SYMBOLS.get(i), trade(i));
    }

    private String market(final int i) {
        return MessageWriter.text("{'ticker':'%s','status':'ACTIVE','oraclePrice':'%s','nextFundingRate':'0.0000135','openInterest':'648.2'}", SYMBOLS.get(i),
            books.get(i).bids().get(0).price());
    }

    private String trade(final int i) {
        final boolean isBuy = out.random(2) == 0;
        final GeneratedBook book = books.get(i);
        trades++;
        return MessageWriter.text("{'id':'%08x0000000200000002','size':'%s','price':'%s','side':'%s','createdAt':'%s','type':'LIMIT'}", trades,
            out.random(10_000, 4), (isBuy ? book.asks() : book.bids()).get(0).price(), isBuy ? "BUY" : "SELL",
            out.rfc3339(3));
    }

    private String candle(final int i, final String resolution) {
        return candle(i, resolution, out.random(10_000, 4), out.random(90_000_000, 4));
    }

    private String candle(final int i, final String resolution, final String volume, final String turnover) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        return MessageWriter.text("{'startedAt':'%s','ticker':'%s','resolution':'%s','low':'%s','high':'%s','open':'%s','close':'%s','baseTokenVolume':'%s','usdVolume':'%s','trades':4}",
            out.time("yyyy-MM-dd'T'HH:mm:00.000'Z'"), SYMBOLS.get(i), resolution, bid, ask, bid, ask, volume, turnover);
    }

    private void say(final String type, final String rest, final Object... values) {
        out.say("{'type':'" + type + "','connection_id':'004a1efa','message_id':" + messages + rest + "}", values);
        messages++;
    }
}
