package penstock.venue.generated;

import java.util.List;

/** Bitstamp: the symbol is in the channel's name only. */
final class BitstampMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("btcusd", "etheur");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private long number = 310_000_000;

    BitstampMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(64_000, 0, 8), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(28_500, 1, 8), 6));
    }

    @Override
    public void open() {
        for (final String symbol : SYMBOLS) {
            for (final String channel : List.of("order_book_", "live_trades_", "live_orders_", "diff_order_book_")) {
                out.say("{'event':'bts:subscription_succeeded','channel':'%s%s','data':{}}", channel, symbol);
            }
        }
    }

    @Override
    public void round(final int round) {
        final int i = out.random(SYMBOLS.size());
        final String symbol = SYMBOLS.get(i);
        final GeneratedBook book = books.get(i);
        number++;
        switch (round % 8) {
            case 0 -> sayBook("order_book_" + symbol, book.levels());
            case 2 -> out.say("{'event':'trade','channel':'live_trades_%s','data':{'id':%d,'timestamp':'%d','amount':0.0125,'price':%s,'type':0,'microtimestamp':'%d'}}",
                symbol, number, out.us() / 1_000_000, book.asks().get(0).price(), out.us());
            case 3 -> sayOrder(symbol, "created", book);
            case 4 -> sayOrder(symbol, "changed", book);
            case 5 -> sayOrder(symbol, "deleted", book);
            case 6 -> out.say("{'event':'bts:heartbeat','channel':'','data':{'status':'success'}}");
            default -> sayBook("diff_order_book_" + symbol, book.change(3));
        }
    }

    @Override
    public void trouble() {
        out.say("{'event':'bts:unsubscription_succeeded','channel':'live_orders_etheur','data':{}}");
        out.say("{'event':'bts:error','channel':'order_book_nope','data':{'code':null,'message':'Bad subscription string.'}}");
        sayBook("detail_order_book_btcusd", List.of());
        out.say("{'event':'bts:request_reconnect','channel':'','data':''}");
    }

    private void sayBook(final String channel, final List<GeneratedBook.Level> levels) {
        out.say("{'event':'data','channel':'%s','data':{'timestamp':'%d','microtimestamp':'%d','bids':[%s],'asks':[%s]}}", channel,
            out.us() / 1_000_000, out.us(), GeneratedBook.bids(levels, LEVEL), GeneratedBook.asks(levels, LEVEL));
    }

    private void sayOrder(final String symbol, final String what, final GeneratedBook book) {
        out.say("{'event':'order_%s','channel':'live_orders_%s','data':{'id':%d,'order_type':0,'amount':0.25,'price':%s,'microtimestamp':'%d'}}",
            what, symbol, number, book.bids().get(1).price(), out.us());
    }
}
