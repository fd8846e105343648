package penstock.venue.generated.crypto;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Bitget, version 3: spot, and the ticker of a perpetual future. */
final class BitgetMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("BTCUSDT", "ETHUSDT");
    private static final List<String> TOPICS = List.of("books1", "ticker", "publicTrade", "books");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] sequences = {1_304_314_508_000L, 1_204_314_508_000L};
    private long trade = 1_435_670_816_495_050_754L;

    BitgetMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 5), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 4), 6));
    }

    @Override
    public void open() {
        for (final String topic : TOPICS) {
            out.say("{'event':'subscribe','arg':{'instType':'spot','topic':'%s','symbol':'BTCUSDT'}}", topic);
        }
        out.say("{'event':'subscribe','arg':{'instType':'spot','topic':'kline','symbol':'BTCUSDT','interval':'1m'}}");
        List.of("5m", "15m", "1H", "4H", "1D").forEach(interval -> sayCandle(0, interval));
        say(0, "publicTrade", "snapshot", trade(0) + "," + trade(0));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayBook(i, "snapshot", 0, books.get(i).levels());
            say(i, "ticker", "snapshot", ticker(i));
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        switch (number % 9) {
            case 0, 5 -> say(i, "books1", "snapshot", MessageWriter.text("{'a':[['%s','0.7']],'b':[['%s','0.5']],'checksum':0,'seq':%d,'pseq':0,'ts':'%d'}", ask, bid,
                sequences[i], out.ms() - 4));
            case 1 -> say(i, "publicTrade", "update", trade(i) + "," + trade(i));
            case 2 -> say(i, "ticker", "update", ticker(i));
            case 3 -> sayCandle(i, "1m");
            case 4 -> out.say("pong");
            default -> sayChange(i);
        }
    }

    @Override
    public void trouble() {
        out.gap();
        sequences[0] += 5;
        sayChange(0);
        sayBook(0, "snapshot", 0, books.get(0).levels());
        out.say("{'action':'snapshot','arg':{'instType':'usdt-futures','topic':'ticker','symbol':'BTCUSDT'},'data':[{'lastPrice':'64000.5','openPrice24h':'63990.0',"
            + "'highPrice24h':'64100.0','lowPrice24h':'63800.0','volume24h':'812.4','turnover24h':'51990000.1','bid1Price':'64000.4','ask1Price':'64000.6','bid1Size':'2',"
            + "'ask1Size':'3','price24hPcnt':'0.001','indexPrice':'64001.25','markPrice':'63999.97','fundingRate':'0.0001','openInterest':'5120.5','deliveryTime':'',"
            + "'nextFundingTime':'1795017600000'}],'ts':%d}", out.ms());
        out.say("{'event':'unsubscribe','arg':{'instType':'spot','topic':'books1','symbol':'ETHUSDT'}}");
        out.say("{'event':'error','arg':{'instType':'spot','topic':'books','symbol':'NOPE'},'code':'30001','msg':'doesn\\u0027t exist'}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private String ticker(final int i) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        return MessageWriter.text("{'highPrice24h':'64100.0','lowPrice24h':'63800.0','openPrice24h':'63990.0','lastPrice':'%s','turnover24h':'51990000.1',"
            + "'volume24h':'812.4','bid1Price':'%s','ask1Price':'%s','bid1Size':'0.5','ask1Size':'0.7','price24hPcnt':'0.001'}", bid, bid, ask);
    }

    private void sayCandle(final int i, final String interval) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        out.say("{'action':'update','arg':{'instType':'spot','topic':'kline','symbol':'%s','interval':'%s'},'data':[{'start':'%d','open':'%s','close':'%s',"
            + "'high':'%s','low':'%s','volume':'12.5','turnover':'800000.1'}],'ts':%d}",
            SYMBOLS.get(i), interval, out.ms() / 60_000 * 60_000, bid, ask, ask, bid, out.ms());
    }

    private String trade(final int i) {
        trade += 1 + out.random(1_000_000);
        return MessageWriter.text("{'i':'%d','p':'%s','v':'%s','S':'buy','T':'%d','L':'%d'}", trade, books.get(i).asks().get(0).price(),
            out.random(1_000, 4), out.ms() - 6, trade - 1);
    }

    private void sayChange(final int i) {
        final long before = sequences[i];
        sequences[i] += 1 + out.random(30);
        sayBook(i, "update", before, books.get(i).change(3));
    }

    private void sayBook(final int i, final String action, final long before, final List<GeneratedBook.Level> levels) {
        say(i, "books", action, MessageWriter.text("{'a':[%s],'b':[%s],'checksum':0,'seq':%d,'pseq':%d,'ts':'%d'}", GeneratedBook.asks(levels, LEVEL),
            GeneratedBook.bids(levels, LEVEL), sequences[i], before, out.ms() - 4));
    }

    private void say(final int i, final String topic, final String action, final String data) {
        out.say("{'action':'%s','arg':{'instType':'spot','topic':'%s','symbol':'%s'},'data':[%s],'ts':%d}", action, topic, SYMBOLS.get(i), data, out.ms());
    }
}
