package penstock.venue.generated;

import java.util.List;

/** HTX, once Huobi; the recording has the messages after inflation. */
final class HuobiMessages implements GeneratedVenue {
    private static final String LEVEL = "[%s,%s]";
    private static final List<String> SYMBOLS = List.of("btcusdt", "trxbtc");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] sequences = {160_000_000_000L, 40_000_000_000L};
    private long trade = 100_000;

    HuobiMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(6_400_000, 2, 6), 5),
            new GeneratedBook(out, new GeneratedBook.Scale(21_000, 11, 2), 5));
    }

    @Override
    public void open() {
        int id = 0;
        for (final String channel : List.of("bbo", "depth.step0", "ticker", "kline.1min", "trade.detail",
                "mbp.150")) {
            out.say("{'id':'%d','status':'ok','subbed':'market.btcusdt.%s','ts':%d}", ++id, channel, out.ms());
        }
        List.of("5min", "15min", "60min", "4hour", "1day").forEach(word -> sayCandle(0, word));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayChange(i);
            sayBook(i, ++id);
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final GeneratedBook book = books.get(i);
        final String bid = book.bids().get(0).price();
        final String ask = book.asks().get(0).price();
        switch (number % 9) {
            case 0 -> say(i, "bbo", "'seqId':%d,'ask':%s,'askSize':0.5,'bid':%s,'bidSize':9.121E-7,'quoteTime':%d,'symbol':'%s'", sequences[i],
                ask, bid, out.ms(), SYMBOLS.get(i));
            case 1 -> say(i, "depth.step0", "'bids':[%s],'asks':[%s],'version':%d,'ts':%d", GeneratedBook.bids(book.bids(), LEVEL),
                GeneratedBook.asks(book.asks(), LEVEL), sequences[i], out.ms());
            case 2 -> say(i, "ticker", "'open':%s,'high':%s,'low':%s,'close':%s,'amount':5120.25,'vol':81.5,'count':81234,'bid':%s,'bidSize':12.5,'ask':%s,'askSize':9.25,'lastPrice':%s",
                bid, ask, bid, ask, bid, ask, ask);
            case 3 -> sayCandle(i, "1min");
            case 4 -> sayTrades(i);
            case 5 -> out.say("{'ping':%d}", out.ms());
            default -> sayChange(i);
        }
    }

    @Override
    public void trouble() {
        out.say("{'id':'7','status':'ok','unsubbed':'market.trxbtc.bbo','ts':%d}", out.ms());
        out.say("{'id':'8','status':'error','err-code':'bad-request','err-msg':'invalid symbol','ts':%d}", out.ms());
        sequences[0] += 50;
        out.gap();
        sayChange(0);
        sayBook(0, 9);
        out.say("{'id':'10','status':'error','err-code':'bad-request','err-msg':'429 too many request topic is market.trxbtc.mbp.150','ts':%d}", out.ms());
        out.say("{'ch':'market.overview','ts':%d,'data':[]}", out.ms());
    }

    private void sayCandle(final int i, final String interval) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        say(i, "kline." + interval, "'id':%d,'open':%s,'close':%s,'low':%s,'high':%s,'amount':1.5E-4,'vol':0.25,'count':12", out.ms() / 60_000 * 60, bid,
            ask, bid, ask);
    }

    /** Each message names the one before; its numbers are not consecutive. */
    private void sayChange(final int i) {
        final List<GeneratedBook.Level> changes = books.get(i).change(2);
        final long before = sequences[i];
        sequences[i] += 1 + out.random(10);
        say(i, "mbp.150", "'seqNum':%d,'prevSeqNum':%d,'bids':[%s],'asks':[%s]", sequences[i], before,
            GeneratedBook.bids(changes, LEVEL), GeneratedBook.asks(changes, LEVEL));
    }

    /** The answer to a request. */
    private void sayBook(final int i, final int id) {
        out.say("{'id':'%d','status':'ok','ts':%d,'rep':'market.%s.mbp.150','data':{'seqNum':%d,'bids':[%s],'asks':[%s]}}", id, out.ms(), SYMBOLS.get(i),
            sequences[i], GeneratedBook.bids(books.get(i).bids(), LEVEL),
            GeneratedBook.asks(books.get(i).asks(), LEVEL));
    }

    /** Ids of trades have 27 digits. */
    private void sayTrades(final int i) {
        trade++;
        say(i, "trade.detail", "'id':%d,'ts':%d,'data':[{'id':100000000000000000000%d,'ts':%d,'tradeId':%d,'amount':0.01,'price':%s,'direction':'buy'}]", trade,
            out.ms(), trade, out.ms() - 4, trade, books.get(i).asks().get(0).price());
    }

    private void say(final int i, final String channel, final String tick, final Object... values) {
        out.say("{'ch':'market." + SYMBOLS.get(i) + "." + channel + "','ts':" + out.ms() + ",'tick':{" + tick + "}}", values);
    }
}
