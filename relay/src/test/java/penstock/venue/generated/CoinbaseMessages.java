package penstock.venue.generated;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Coinbase Exchange: flat messages. */
final class CoinbaseMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("BTC-USD", "ETH-USD");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] trades = {700_000_000, 500_000_000};
    private final long[] sequences = {90_000_000_000L, 60_000_000_000L};

    CoinbaseMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(6_400_000, 2, 8), 8),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 8), 8));
    }

    @Override
    public void open() {
        final String products = SYMBOLS.stream().map(symbol -> "'" + symbol + "'").collect(Collectors.joining(","));
        out.say("{'type':'subscriptions','channels':[{'name':'ticker','product_ids':[%s]},{'name':'matches','product_ids':[%s]},{'name':'level2_batch','product_ids':[%s]}]}",
            products, products, products);
        for (int i = 0; i < SYMBOLS.size(); i++) {
            out.say("{'type':'snapshot','product_id':'%s','asks':[%s],'bids':[%s]}", SYMBOLS.get(i),
                GeneratedBook.asks(books.get(i).asks(), LEVEL), GeneratedBook.bids(books.get(i).bids(), LEVEL));
            sayTrade("last_match", i);
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        switch (number % 6) {
            case 0, 3 -> sayTicker(i);
            case 1 -> sayTrade("match", i);
            case 4 -> out.say("{'type':'heartbeat','last_trade_id':%d,'product_id':'%s','sequence':%d,'time':'%s'}", trades[i],
                SYMBOLS.get(i), sequences[i], out.rfc3339(6));
            default -> out.say("{'type':'l2update','product_id':'%s','changes':[%s],'time':'%s'}", SYMBOLS.get(i),
                books.get(i).change(3).stream().map(level -> MessageWriter.text("['%s','%s','%s']",
                level.isBid() ? "buy" : "sell", level.price(), level.size())).collect(Collectors.joining(",")),
                out.rfc3339(6));
        }
    }

    @Override
    public void trouble() {
        trades[0] += 2;
        out.gap();
        sayTrade("match", 0);
        out.say("{'type':'error','message':'Failed to subscribe','reason':'NO-PE is not a valid product'}");
        out.say("{'type':'error','message':'Rate limit exceeded'}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayTicker(final int i) {
        sequences[i] += 1 + out.random(40);
        final GeneratedBook book = books.get(i);
        out.say("{'type':'ticker','sequence':%d,'product_id':'%s','price':'%s','open_24h':'63900.00','volume_24h':'812.4','low_24h':'63800.00','high_24h':'64100.00',"
            + "'best_bid':'%s','best_bid_size':'0.5','best_ask':'%s','best_ask_size':'0.7','side':'buy','time':'%s','trade_id':%d,'last_size':'0.01'}",
            sequences[i], SYMBOLS.get(i), book.asks().get(0).price(), book.bids().get(0).price(),
            book.asks().get(0).price(), out.rfc3339(6), trades[i]);
    }

    private void sayTrade(final String type, final int i) {
        trades[i]++;
        sequences[i]++;
        out.say("{'type':'%s','trade_id':%d,'side':'sell','size':'%s','price':'%s','product_id':'%s','sequence':%d,'time':'%s'}", type,
            trades[i], out.random(1_000_000, 8), books.get(i).bids().get(0).price(), SYMBOLS.get(i), sequences[i],
            out.rfc3339(6));
    }
}
