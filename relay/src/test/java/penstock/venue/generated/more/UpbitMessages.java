package penstock.venue.generated.more;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Upbit: no answers, and the first message of each type is a snapshot. */
final class UpbitMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("KRW-BTC", "BTC-ETH");

    /** What the venue sends where a side has fewer levels. */
    private static final GeneratedBook.Level NONE = new GeneratedBook.Level(true, 0, "0", "0", true, false);

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] trades = {17_950_000_000_000_000L, 17_950_000_000_000_000L};

    UpbitMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(91_000, -3, 8), 4),
            new GeneratedBook(out, new GeneratedBook.Scale(3_100_000, 8, 8), 4));
    }

    @Override
    public void open() {
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayBook(i, "SNAPSHOT");
            sayTrade(i, "SNAPSHOT");
            sayTicker(i, "SNAPSHOT");
            sayCandle(i, "candle.1m", "SNAPSHOT");
        }
        List.of("5m", "15m", "60m", "240m")
            .forEach(interval -> sayCandle(0, "candle." + interval, "SNAPSHOT", "0.81", "51990.1"));
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        switch (number % 6) {
            case 0 -> sayTrade(i, "REALTIME");
            case 1 -> sayTicker(i, "REALTIME");
            case 2 -> sayCandle(i, "candle.1m", "REALTIME");
            case 4 -> out.say("{'status':'UP'}");
            default -> {
                books.get(i).change(3);
                sayBook(i, "REALTIME");
            }
        }
    }

    @Override
    public void trouble() {
        sayCandle(0, "candle.30m", "REALTIME");
        out.say("{'error':{'name':'NO_CODES','message':'no codes'}}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayBook(final int i, final String stream) {
        final List<GeneratedBook.Level> bids = books.get(i).bids();
        final List<GeneratedBook.Level> asks = books.get(i).asks();
        final StringBuilder units = new StringBuilder();
        for (int row = 0; row < Math.max(bids.size(), asks.size()); row++) {
            final GeneratedBook.Level bid = row < bids.size() ? bids.get(row) : NONE;
            final GeneratedBook.Level ask = row < asks.size() ? asks.get(row) : NONE;
            units.append(row == 0 ? "" : ",").append(MessageWriter.text("{'ask_price':%s,'bid_price':%s,'ask_size':%s,'bid_size':%s}",
                ask.price(), bid.price(), ask.size(), bid.size()));
        }
        out.say("{'type':'orderbook','code':'%s','timestamp':%d,'orderbook_units':[%s],'stream_type':'%s'}",
            SYMBOLS.get(i), out.ms(), units, stream);
    }

    private void sayTrade(final int i, final String stream) {
        final boolean isBuy = out.random(2) == 0;
        trades[i] += 1 + out.random(30_000);
        out.say("{'type':'trade','code':'%s','timestamp':%d,'trade_timestamp':%d,'trade_price':%s,'trade_volume':%s,'ask_bid':'%s','sequential_id':%d,'stream_type':'%s'}",
            SYMBOLS.get(i), out.ms(), out.ms() - 20, (isBuy ? books.get(i).asks() : books.get(i).bids()).get(0).price(),
            out.random(1_000_000, 8), isBuy ? "BID" : "ASK", trades[i], stream);
    }

    private void sayTicker(final int i, final String stream) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        out.say("{'type':'ticker','code':'%s','opening_price':%s,'high_price':%s,'low_price':%s,'trade_price':%s,"
            + "'acc_trade_price_24h':%s,'acc_trade_volume_24h':%s,'trade_timestamp':%d,'timestamp':%d,'stream_type':'%s'}", SYMBOLS.get(i), bid, ask, bid, ask,
            out.random(900_000_000, 4), out.random(90_000_000, 8), out.ms() - 20, out.ms(),
            stream);
    }

    private void sayCandle(final int i, final String type, final String stream) {
        sayCandle(i, type, stream, out.random(1_000_000, 8), out.random(900_000_000, 4));
    }

    private void sayCandle(final int i, final String type, final String stream, final String volume,
            final String turnover) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        out.say("{'type':'%s','code':'%s','candle_date_time_utc':'%s','opening_price':%s,'high_price':%s,'low_price':%s,'trade_price':%s,'candle_acc_trade_volume':%s,"
            + "'candle_acc_trade_price':%s,'timestamp':%d,'stream_type':'%s'}", type, SYMBOLS.get(i), out.time("yyyy-MM-dd'T'HH:mm:00"), bid, ask, bid,
            ask, volume, turnover, out.ms(), stream);
    }
}
