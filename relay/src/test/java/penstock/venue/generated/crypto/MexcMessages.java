package penstock.venue.generated.crypto;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/**
 * MEXC: futures, with numbers that are not quoted, books that are whole each time, and changes of deeper ones, in both
 * forms.
 */
final class MexcMessages implements GeneratedVenue {
    private static final String LEVEL = "[%s,%s,3]";
    private static final List<String> SYMBOLS = List.of("BTC_USDT", "ETH_USDT");
    private static final List<String> CHANNELS = List.of("ticker", "deal", "kline", "depth.full", "depth");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] versions = {24_300_118_000L, 17_300_220_000L};
    private long trade = 7_300_220_000L;

    MexcMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 0), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 0), 6));
    }

    @Override
    public void open() {
        for (final String channel : CHANNELS) {
            out.say("{'channel':'rs.sub.%s','data':'success','ts':%d}", channel, out.ms());
        }
        List.of("Min5", "Min15", "Min60", "Hour4", "Day1").forEach(interval -> sayCandle(0, interval));
        say(0, "depth", "{'asks':[[64001.5,12,1]],'bids':[[63998.5,0,0]],'begin':%d,'end':%d,'version':%d,'cts':%d}", versions[0],
            versions[0] + 3, versions[0] + 3, out.ms());
        say(1, "depth", "{'asks':[[3102.51,12,1]],'bids':[],'version':%d}", versions[1]);
        sayBook(0);
        sayBook(1);
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final String symbol = SYMBOLS.get(i);
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        switch (number % 8) {
            case 0 -> say(i, "ticker", "{'symbol':'%s','lastPrice':%s,'riseFallRate':0.001,'fairPrice':%s,'indexPrice':%s,'volume24':81240,'amount24':51990000.1,"
                    + "'maxBidPrice':70400.5,'minAskPrice':57600.5,'lower24Price':63800.0,'high24Price':64100.0,'timestamp':%d,'bid1':%s,'ask1':%s,'holdVol':5120600,"
                    + "'riseFallValue':64.5,'fundingRate':0.000026,'zone':'UTC+8'}", symbol, bid, ask, ask, out.ms() - 9, bid, ask);
            case 1 -> say(i, "deal", "[%s,%s]", trade(bid, 2), trade(ask, 1));
            case 2 -> sayCandle(i, "Min1");
            case 3 -> out.say("{'channel':'pong','data':%d}", out.ms());
            default -> {
                books.get(i).change(3);
                sayBook(i);
            }
        }
    }

    @Override
    public void trouble() {
        say(0, "funding.rate", "{'symbol':'BTC_USDT','rate':0.000026,'nextSettleTime':1795017600000}");
        out.say("{'channel':'rs.unsub.ticker','data':'success','ts':%d}", out.ms());
        out.say("{'channel':'rs.error','data':'Contract [NO_PE] not exists','ts':%d}", out.ms());
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named("book-20", SYMBOLS, books);
    }

    private String trade(final String price, final int side) {
        return MessageWriter.text("{'p':%s,'v':%d,'T':%d,'O':3,'M':2,'t':%d,'i':'%d'}", price, 1 + out.random(500), side, out.ms() - 9, ++trade);
    }

    private void sayCandle(final int i, final String interval) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        say(i, "kline", "{'symbol':'%s','interval':'%s','t':%d,'o':%s,'c':%s,'h':%s,'l':%s,'a':81240.5,'q':126,'ro':%s,'rc':%s,'rh':%s,'rl':%s}", SYMBOLS.get(i),
            interval, out.ms() / 60_000 * 60, bid, ask, ask, bid, bid, ask, ask, bid);
    }

    private void sayBook(final int i) {
        final List<GeneratedBook.Level> levels = books.get(i).levels();
        versions[i] += 1 + out.random(9);
        say(i, "depth.full", "{'asks':[%s],'bids':[%s],'version':%d}", GeneratedBook.asks(levels, LEVEL), GeneratedBook.bids(levels, LEVEL), versions[i]);
    }

    private void say(final int i, final String channel, final String data, final Object... values) {
        out.say("{'channel':'push.%s','symbol':'%s','data':%s,'ts':%d}", channel, SYMBOLS.get(i), MessageWriter.text(data, values), out.ms());
    }
}
