package penstock.venue.generated;

import java.util.List;
import java.util.Map;

/** OKX, version 5: books with a checksum, as they were sent until June 2026, and the numbers that count since. */
final class OkxMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s','0','3']";
    private static final List<String> SYMBOLS = List.of("BTC-USDT", "ETH-USDT");
    private static final List<String> CHANNELS = List.of("tickers", "bbo-tbt", "books5", "candle1m", "mark-price",
        "funding-rate", "open-interest", "trades", "books");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] sequences = {40_000_000_000L, 20_000_000_000L};
    private long trade = 530_000_000;

    OkxMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 0), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 0), 6));
    }

    @Override
    public void open() {
        for (final String channel : CHANNELS) {
            out.say("{'id':'1','event':'subscribe','arg':{'channel':'%s','instId':'BTC-USDT'},'connId':'a4d3ae55'}", channel);
        }
        out.say("{'event':'channel-conn-count','channel':'books','connCount':'1','connId':'a4d3ae55'}");
        List.of("5m", "15m", "1H", "4H", "1Dutc").forEach(word -> sayCandle(0, word));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayBook(i, "snapshot", books.get(i).levels());
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final String symbol = SYMBOLS.get(i);
        final GeneratedBook book = books.get(i);
        final String bid = book.bids().get(0).price();
        final String ask = book.asks().get(0).price();
        switch (number % 14) {
            case 0, 9 -> say(i, "tickers", "{'instType':'SPOT','instId':'%s','last':'%s','askPx':'%s','askSz':'4','bidPx':'%s','bidSz':'2.5','open24h':'63990','high24h':'64100',"
                + "'low24h':'63800','vol24h':'812.4','ts':'%d'}", symbol, bid, ask, bid, out.ms());
            case 1 -> say(i, "bbo-tbt", "{'asks':[['%s','5','0','1']],'bids':[['%s','7','0','2']],'ts':'%d','seqId':%d}", ask, bid, out.ms(), sequences[i]);
            case 2 -> say(i, "books5", "{'asks':[%s],'bids':[%s],'instId':'%s','ts':'%d'}", GeneratedBook.asks(book.asks(), LEVEL),
                GeneratedBook.bids(book.bids(), LEVEL), symbol, out.ms());
            case 3 -> sayCandle(i, "1m");
            case 4 -> say(i, "mark-price", "{'instType':'SWAP','instId':'%s','markPx':'%s','ts':'%d'}", symbol, bid, out.ms());
            case 5 -> say(i, "funding-rate", "{'instId':'%s','fundingRate':'0.0001','fundingTime':'1795017600000','ts':'%d'}", symbol, out.ms());
            case 6 -> say(i, "open-interest", "{'instId':'%s','oi':'5120','oiCcy':'51.2','ts':'%d'}", symbol, out.ms());
            case 7 -> say(i, "trades", "{'instId':'%s','tradeId':'%d','px':'%s','sz':'0.01','side':'sell','ts':'%d'}", symbol, ++trade, bid, out.ms());
            case 10 -> out.say("pong");
            default -> sayChange(i);
        }
    }

    @Override
    public void trouble() {
        sequences[0] += 50;
        out.gap();
        sayChange(0);
        sayBook(0, "snapshot", books.get(0).levels());
        say(0, "price-limit", "{'instId':'BTC-USDT','buyLmt':'64100.0','ts':'%d'}", out.ms());
        out.say("{'id':'2','event':'unsubscribe','arg':{'channel':'tickers','instId':'ETH-USDT'},'connId':'a4d3ae55'}");
        out.say("{'event':'channel-conn-count-error','channel':'books','connCount':'30','connId':'a4d3ae55'}");
        out.say("{'id':'3','event':'error','code':'60018','msg':'Wrong URL or channel:tickers,instId:NO-PE.','connId':'a4d3ae55'}");
        out.say("{'event':'error','code':'60014','msg':'Requests too frequent.','connId':'a4d3ae55'}");
        out.say("{'event':'error','code':'60009','msg':'Login failed.','connId':'a4d3ae55'}");
        out.say("{'event':'notice','code':'64008','msg':'The connection will soon be closed for a service upgrade.','connId':'a4d3ae55'}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayCandle(final int i, final String word) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        say(i, "candle" + word, "['%d','%s','%s','%s','%s','12.5','800000','800000','0']", out.ms() / 60_000 * 60_000,
            bid, ask, bid, ask);
    }

    private void sayChange(final int i) {
        sayBook(i, "update", books.get(i).change(2));
    }

    private void sayBook(final int i, final String action, final List<GeneratedBook.Level> levels) {
        final long before = action.equals("snapshot") ? -1 : sequences[i];
        sequences[i] += 1 + out.random(9);
        out.say("{'arg':{'channel':'books','instId':'%s'},'action':'%s','data':[{'asks':[%s],'bids':[%s],'ts':'%d','checksum':%d,'seqId':%d,'prevSeqId':%d}]}",
            SYMBOLS.get(i), action, GeneratedBook.asks(levels, LEVEL), GeneratedBook.bids(levels, LEVEL), out.ms(),
            books.get(i).okxChecksum(), sequences[i], before);
    }

    private void say(final int i, final String channel, final String data, final Object... values) {
        out.say("{'arg':{'channel':'" + channel + "','instId':'" + SYMBOLS.get(i) + "'},'data':[" + data + "]}", values);
    }
}
