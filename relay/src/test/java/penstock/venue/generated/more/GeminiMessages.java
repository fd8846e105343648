package penstock.venue.generated.more;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Gemini: messages like those of Binance, without a stream name. */
final class GeminiMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("btcusd", "ethgusdperp");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private long number = 1_751_505_576_085L;
    private long trade = 2_840_140_800L;

    GeminiMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(6_400_000, 2, 8), 5),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 3), 5));
    }

    @Override
    public void open() {
        out.say("{'id':'1','status':200}");
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayQuote(i);
            sayBook(i, books.get(i).levels());
        }
    }

    @Override
    public void round(final int round) {
        final int i = out.random(SYMBOLS.size());
        if (round % 4 == 0) {
            sayTrade(i);
        } else {
            sayBook(i, books.get(i).change(3));
            sayQuote(i);
        }
    }

    @Override
    public void trouble() {
        out.say("{'e':'contractStatus','E':%d000,'s':'btcusd'}", out.us());
        out.say("{'id':'2','status':400,'error':{'code':-1121,'msg':'Invalid symbol.'}}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return Map.of("book BTCUSD", books.get(0), "book ETHGUSDPERP", books.get(1));
    }

    /** Whole or changed: the message does not say which. */
    private void sayBook(final int i, final List<GeneratedBook.Level> levels) {
        number += 1 + out.random(9);
        out.say("{'e':'depthUpdate','E':%d000,'s':'%s','U':%d,'u':%d,'b':[%s],'a':[%s]}", out.us(), SYMBOLS.get(i), number - 1, number,
            GeneratedBook.bids(levels, LEVEL), GeneratedBook.asks(levels, LEVEL));
    }

    private void sayQuote(final int i) {
        final GeneratedBook.Level bid = books.get(i).bids().get(0);
        final GeneratedBook.Level ask = books.get(i).asks().get(0);
        number += 1 + out.random(9);
        out.say("{'u':%d,'E':%d000,'s':'%s','b':'%s','B':'%s','a':'%s','A':'%s'}", number, out.us(), SYMBOLS.get(i), bid.price(), bid.size(),
            ask.price(), ask.size());
    }

    private void sayTrade(final int i) {
        final boolean isBuy = out.random(2) == 0;
        trade += 1 + out.random(9);
        out.say("{'E':%d000,'s':'%s','t':%d,'p':'%s','q':'%s','m':%b}", out.us(), SYMBOLS.get(i), trade,
            (isBuy ? books.get(i).asks() : books.get(i).bids()).get(0).price(), out.random(1_000_000, 8), !isBuy);
    }
}
