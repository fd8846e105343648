package penstock.venue.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The demo feed: quotes, and now and then a trade and a whole book. */
final class DemoMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("EURUSD", "GBPUSD", "USDJPY");
    private static final int ROUNDS_PER_BOOK = 5;

    private final MessageWriter out;
    private final List<GeneratedBook> books = new ArrayList<>();

    DemoMessages(final MessageWriter out) {
        this.out = out;
        SYMBOLS.forEach(symbol -> books.add(new GeneratedBook(out, new GeneratedBook.Scale(110_345, 5, 2), 5)));
    }

    @Override
    public void open() {
        SYMBOLS.forEach(this::book);
    }

    @Override
    public void round(final int number) {
        final String symbol = SYMBOLS.get(number % SYMBOLS.size());
        final int bid = 110_300 + out.random(90);
        out.say("{'symbol':'%s','time':%d,'quote':{'bid':%s,'ask':%s}}", symbol, out.us(), MessageWriter.number(bid, 5),
            MessageWriter.number(bid + 2, 5));
        if (number % ROUNDS_PER_BOOK == 0) {
            out.say("{'symbol':'%s','time':%d,'trade':{'price':%s,'size':%s,'side':'%s','id':'%d'}}", symbol, out.us(),
                MessageWriter.number(bid, 5), MessageWriter.number(1 + out.random(400), 2),
                number % 2 == 0 ? "buy" : "sell", number + 1);
            books.get(SYMBOLS.indexOf(symbol)).change(3);
            book(symbol);
        }
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void book(final String symbol) {
        final List<GeneratedBook.Level> levels = books.get(SYMBOLS.indexOf(symbol)).levels();
        out.say("{'symbol':'%s','time':%d,'book':{'bids':[%s],'asks':[%s]}}", symbol, out.us(),
            GeneratedBook.bids(levels, "[%1$s,%2$s]"), GeneratedBook.asks(levels, "[%1$s,%2$s]"));
    }
}
