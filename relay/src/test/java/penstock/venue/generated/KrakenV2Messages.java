package penstock.venue.generated;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Kraken, version 2: numbers are bare, and the checksum of a book covers their digits. */
final class KrakenV2Messages implements GeneratedVenue {
    private static final String LEVEL = "{'price':%s,'qty':%s}";
    private static final List<String> SYMBOLS = List.of("BTC/USD", "ETH/USD");
    private static final int DEPTH = 25;

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] trades = {82_000_000, 53_000_000};

    KrakenV2Messages(final MessageWriter out) {
        this.out = out;
        books = List.of(GeneratedBook.cut(out, new GeneratedBook.Scale(640_000, 1, 8), DEPTH),
            GeneratedBook.cut(out, new GeneratedBook.Scale(310_000, 2, 8), DEPTH));
    }

    @Override
    public void open() {
        out.say("{'channel':'status','type':'update','data':[{'version':'2.0.10','system':'online','api_version':'v2','connection_id':7204881492680000001}]}");
        int request = 0;
        for (final String channel : List.of("ticker", "ohlc", "trade", "book")) {
            request++;
            for (final String symbol : SYMBOLS) {
                out.say("{'method':'subscribe','result':{'channel':'%s','snapshot':true,'symbol':'%s'},'success':true,'req_id':%d}",
                    channel, symbol, request);
            }
        }
        out.say("{'channel':'ohlc','type':'snapshot','data':[%s]}", IntStream.of(5, 15, 60, 240, 1440)
            .mapToObj(this::bar).collect(Collectors.joining(",")));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayBook(i, "snapshot", books.get(i).levels());
            out.say("{'channel':'trade','type':'snapshot','data':[%s,%s]}", trade(i), trade(i));
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        switch (number % 7) {
            case 0 -> out.say("{'channel':'ticker','type':'update','data':[{'symbol':'%s','bid':%s,'bid_qty':1.25000000,'ask':%s,'ask_qty':0.75000000,'last':%s,'volume':812.40000000,"
                + "'low':63800.0,'high':64100.0,'change':-12.5,'timestamp':'%s'}]}",
                SYMBOLS.get(i), bid, ask, bid, out.rfc3339(6));
            case 1 -> out.say("{'channel':'trade','type':'update','data':[%s,%s]}", trade(i), trade(i));
            case 2 -> sayBar(i, 1);
            case 5 -> out.say("{'channel':'heartbeat'}");
            default -> sayBook(i, "update", books.get(i).change(3));
        }
    }

    @Override
    public void trouble() {
        trades[1] += 3;
        out.gap();
        out.say("{'channel':'trade','type':'update','data':[%s]}", trade(1));
        sayBar(0, 10080);
        out.say("{'method':'pong','time_in':'%s','time_out':'%s'}", out.rfc3339(6), out.rfc3339(6));
        out.say("{'method':'unsubscribe','result':{'channel':'ohlc','symbol':'ETH/USD'},'success':true,'req_id':5}");
        out.say("{'error':'Currency pair not supported NO/PE','method':'subscribe','req_id':6,'success':false,'symbol':'NO/PE'}");
        out.say("{'error':'Malformed request'}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayBook(final int i, final String type, final List<GeneratedBook.Level> levels) {
        out.say("{'channel':'book','type':'%s','data':[{'symbol':'%s','bids':[%s],'asks':[%s],'checksum':%d,'timestamp':'%s'}]}", type,
            SYMBOLS.get(i), GeneratedBook.bids(levels, LEVEL), GeneratedBook.asks(levels, LEVEL),
            books.get(i).krakenChecksum(), out.rfc3339(6));
    }

    private void sayBar(final int i, final int minutes) {
        final String price = books.get(i).bids().get(0).price();
        out.say("{'channel':'ohlc','type':'update','timestamp':'%s','data':[{'symbol':'%s','open':%s,'high':%s,'low':%s,'close':%s,'trades':4,'volume':2.50000000,'interval_begin':'%s','interval':%d,'timestamp':'%s'}]}",
            out.rfc3339(6), SYMBOLS.get(i), price, price, price, price, minute(), minutes, out.rfc3339(6));
    }

    /** When the present minute began, as bars have it. */
    private String minute() {
        return out.rfc3339(0).substring(0, "2026-11-18T11:06:".length()) + "00.000000000Z";
    }

    private String bar(final int minutes) {
        return MessageWriter.text("{'symbol':'BTC/USD','open':64000.0,'high':64000.1,'low':64000.0,'close':64000.1,'volume':12.75000000,'interval_begin':'%s','interval':%d,'timestamp':'%s'}",
            minute(), minutes, out.rfc3339(6));
    }

    private String trade(final int i) {
        trades[i]++;
        return MessageWriter.text("{'symbol':'%s','side':'sell','price':%s,'qty':%s,'ord_type':'limit','trade_id':%d,'timestamp':'%s'}", SYMBOLS.get(i),
            books.get(i).bids().get(0).price(), out.random(1_000_000, 8), trades[i], out.rfc3339(6));
    }
}
