package penstock.venue.generated.more;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Phemex: books by snapshots and changes, trades and candles by position, one ticker for all contracts. */
final class PhemexMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("BTCUSDT", "ETHUSDT");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] sequences = {77_668_209, 80_321_058};

    PhemexMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 3), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 2), 6));
    }

    @Override
    public void open() {
        for (int id = 1; id <= 12; id++) {
            out.say("{'error':null,'id':%d,'result':{'status':'success'}}", id);
        }
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayBook(i, "snapshot", books.get(i).levels());
            out.say("{'sequence':%d,'symbol':'%s','trades_p':[%s,%s],'type':'snapshot'}", sequences[i], SYMBOLS.get(i),
                trade(i), trade(i));
            sayCandle(i, 60, "snapshot");
        }
        List.of(300, 900, 3_600, 14_400, 86_400).forEach(this::sayLongCandle);
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        switch (number % 7) {
            case 0 -> out.say("{'data':[%s,%s],'fields':['symbol','openRp','highRp','lowRp','lastRp','volumeRq','turnoverRv','openInterestRv','indexRp','markRp','fundingRateRr','predFundingRateRr'],"
                + "'method':'perp_market24h_pack_p.update','timestamp':%d000,'type':'incremental'}", ticker(0), ticker(1), out.us());
            case 1 -> {
                sequences[i] += 1 + out.random(9);
                out.say("{'sequence':%d,'symbol':'%s','trades_p':[%s,%s],'type':'incremental'}", sequences[i],
                    SYMBOLS.get(i), trade(i), trade(i));
            }
            case 2 -> sayCandle(i, 60, "incremental");
            case 5 -> out.say("{'error':null,'id':0,'result':'pong'}");
            default -> sayBook(i, number % 20 == 19 ? "snapshot" : "incremental",
                number % 20 == 19 ? books.get(i).levels() : books.get(i).change(3));
        }
    }

    @Override
    public void trouble() {
        sayCandle(1, 1800, "incremental");
        out.say("{'error':{'code':6001,'message':'invalid argument'},'id':9,'result':null}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayBook(final int i, final String type, final List<GeneratedBook.Level> levels) {
        sequences[i] += 1 + out.random(9);
        out.say("{'depth':30,'orderbook_p':{'asks':[%s],'bids':[%s]},'sequence':%d,'symbol':'%s','timestamp':%d000,'type':'%s'}",
            GeneratedBook.asks(levels, LEVEL), GeneratedBook.bids(levels, LEVEL), sequences[i], SYMBOLS.get(i),
            out.us(), type);
    }

    private void sayCandle(final int i, final int seconds, final String type) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        final long start = out.ms() / 1_000 / seconds * seconds;
        final String row = "[%d,%d,'%s','%s','%s','%s','%s','%s','%s']";
        out.say("{'kline_p':[" + row + "," + row + "],'sequence':%d,'symbol':'%s','type':'%s'}",
            start, seconds, bid, bid, ask, bid, ask, out.random(1_000, 3), out.random(9_000_000, 4),
            start - seconds, seconds, bid, ask, ask, bid, bid, out.random(1_000, 3), out.random(9_000_000, 4),
            sequences[i], SYMBOLS.get(i), type);
    }

    private void sayLongCandle(final int seconds) {
        final String bid = books.get(0).bids().get(0).price();
        final String ask = books.get(0).asks().get(0).price();
        out.say("{'kline_p':[[%d,%d,'%s','%s','%s','%s','%s','0.81','51990.1']],'sequence':%d,'symbol':'%s','type':'incremental'}",
            out.ms() / 1_000 / seconds * seconds, seconds, bid, bid, ask, bid, ask, sequences[0], SYMBOLS.get(0));
    }

    private String ticker(final int i) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        return MessageWriter.text(
            "['%s','%s','%s','%s','%s','%s','%s','%s','%s','%s','0.0001','-0.00002']", SYMBOLS.get(i), bid, ask, bid,
            ask, out.random(1_000_000, 3), out.random(900_000_000, 4), out.random(40_000, 2), bid, ask);
    }

    private String trade(final int i) {
        final boolean isBuy = out.random(2) == 0;
        final GeneratedBook book = books.get(i);
        return MessageWriter.text("[%d000,'%s','%s','%s']", out.us(), isBuy ? "Buy" : "Sell",
            (isBuy ? book.asks() : book.bids()).get(0).price(), out.random(1_000, 3));
    }
}
