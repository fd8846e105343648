package penstock.venue.generated;

import java.util.List;
import java.util.Map;

/** Alpaca: arrays of elements; stocks, and the book of a crypto pair. */
final class AlpacaMessages implements GeneratedVenue {
    private static final String LEVEL = "{'p':%s,'s':%s}";
    private static final List<String> SYMBOLS = List.of("AAPL", "SPY");

    private final MessageWriter out;
    private final GeneratedBook book;
    private int trade;

    AlpacaMessages(final MessageWriter out) {
        this.out = out;
        book = new GeneratedBook(out, new GeneratedBook.Scale(6_400_000, 2, 4), 5);
    }

    @Override
    public void open() {
        out.say("[{'T':'success','msg':'connected'}]");
        out.pass(5);
        out.say("[{'T':'success','msg':'authenticated'}]");
        out.pass(5);
        out.say("[{'T':'subscription','trades':['AAPL','SPY'],'quotes':['AAPL','SPY'],'bars':['AAPL'],'statuses':['SPY'],"
            + "'orderbooks':['BTC/USD']}]");
        sayBook();
    }

    @Override
    public void round(final int number) {
        final String symbol = SYMBOLS.get(out.random(SYMBOLS.size()));
        switch (number % 6) {
            case 0 -> out.say("[%s,%s]", quote("AAPL"), quote("SPY"));
            case 1 -> out.say("[%s,%s]", trade("t", symbol), quote(symbol));
            case 2 -> out.say("[{'T':'b','S':'%s','o':%s,'h':182.10,'l':181.90,'c':%s,'v':%d,'t':'%s'}]", symbol, price(),
                price(), 100 + out.random(900), out.rfc3339(0));
            case 3 -> sayChange();
            case 4 -> out.say("[%s]", quote(symbol));
            default -> out.say("[{'T':'s','S':'SPY','sc':'T','sm':'Trading','rc':'','rm':'','t':'%s','z':'B'}]",
                out.rfc3339(9));
        }
    }

    @Override
    public void trouble() {
        out.pass(50);
        out.say("[{'T':'u','S':'AAPL','o':182.00,'h':182.10,'l':181.90,'c':182.05,'v':512,'t':'%s'}]", out.rfc3339(0));
        out.say("[{'T':'c','S':'AAPL','x':'V','oi':1,'op':182.01,'os':5,'ci':2,'cp':182.02,'cs':5,'t':'%s','z':'C'}]",
            out.rfc3339(9));
        out.say("[{'T':'x','S':'SPY','i':3,'x':'V','p':452.10,'s':7,'a':'C','t':'%s','z':'B'}]", out.rfc3339(9));
        out.say("[{'T':'l','S':'SPY','u':455.10,'d':449.90,'i':'B','t':'%s','z':'B'}]", out.rfc3339(9));
        out.say("[{'T':'d','S':'AAPL','o':181.00,'h':183.00,'l':180.50,'c':182.05,'v':90512,'t':'%s'}]", out.rfc3339(0));
        out.say("[{'T':'t','S':'BTC/USD','i':4711,'p':63999.5,'s':0.02,'t':'%s','tks':'B'}]", out.rfc3339(9));
        out.say("[{'T':'error','code':405,'msg':'symbol limit exceeded'}]");
        out.say("[{'T':'error','code':407,'msg':'slow client'}]");
        out.say("[{'T':'error','code':402,'msg':'auth failed'}]");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return Map.of("book BTC/USD", book);
    }

    private void sayBook() {
        out.say("[{'T':'o','S':'BTC/USD','t':'%s','b':[%s],'a':[%s],'r':true}]", out.rfc3339(9),
            GeneratedBook.bids(book.bids(), LEVEL), GeneratedBook.asks(book.asks(), LEVEL));
    }

    private void sayChange() {
        final List<GeneratedBook.Level> changes = book.change(2);
        out.say("[{'T':'o','S':'BTC/USD','t':'%s','b':[%s],'a':[%s]}]", out.rfc3339(9),
            GeneratedBook.bids(changes, LEVEL), GeneratedBook.asks(changes, LEVEL));
    }

    private String quote(final String symbol) {
        return MessageWriter.text("{'T':'q','S':'%s','bx':'V','bp':%s,'bs':%d,'ax':'Q','ap':%s,'as':%d,'c':['R'],'z':'A','t':'%s'}",
            symbol, MessageWriter.number(18_190 + out.random(10), 2), 1 + out.random(50),
            MessageWriter.number(18_201 + out.random(10), 2), 1 + out.random(50), out.rfc3339(9));
    }

    private String trade(final String type, final String symbol) {
        return MessageWriter.text("{'T':'%s','S':'%s','i':%d,'x':'V','p':%s,'s':%d,'c':['@'],'z':'A','t':'%s'}", type, symbol,
            ++trade, price(), 1 + out.random(500), out.rfc3339(9));
    }

    private String price() {
        return MessageWriter.number(18_200 + out.random(20), 2);
    }
}
