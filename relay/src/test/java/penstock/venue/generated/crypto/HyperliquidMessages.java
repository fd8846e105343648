package penstock.venue.generated.crypto;

import java.util.List;
import java.util.Map;
import penstock.venue.generated.GeneratedBook;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** Hyperliquid: whole books, and a quote whose side may be empty. */
final class HyperliquidMessages implements GeneratedVenue {
    private static final String LEVEL = "{'px':'%s','sz':'%s','n':3}";
    private static final List<String> SYMBOLS = List.of("BTC", "ETH");
    private static final List<String> TYPES = List.of("bbo", "activeAssetCtx", "trades");

    private final MessageWriter out;
    private final List<GeneratedBook> books;

    HyperliquidMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 5), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 4), 6));
    }

    @Override
    public void open() {
        for (final String type : TYPES) {
            sayAnswer("subscribe", "'type':'" + type + "','coin':'BTC'");
        }
        sayAnswer("subscribe", "'type':'candle','coin':'BTC','interval':'1m'");
        sayAnswer("subscribe", "'type':'l2Book','coin':'BTC','nSigFigs':null,'mantissa':null");
        List.of("5m", "15m", "1h", "4h", "1d").forEach(interval -> sayCandle(0, interval));
        sayBook(0);
        sayBook(1);
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final String symbol = SYMBOLS.get(i);
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        switch (number % 8) {
            case 0 -> sayQuote(symbol, level(bid), level(ask));
            case 1 -> out.say("{'channel':'trades','data':[%s,%s]}", trade(symbol, "A", bid), trade(symbol, "B", ask));
            case 2 -> sayCandle(i, "1m");
            case 3 -> out.say("{'channel':'activeAssetCtx','data':{'coin':'%s','ctx':{'funding':'0.0000125','openInterest':'24310.7','prevDayPx':'63990.0',"
                    + "'dayNtlVlm':'1293000.5','premium':'0.0001','oraclePx':'%s','markPx':'%s','midPx':'%s','impactPxs':['%s','%s']}}}",
                symbol, bid, ask, ask, bid, ask);
            case 4 -> out.say("{'channel':'pong'}");
            default -> {
                books.get(i).change(3);
                sayBook(i);
            }
        }
    }

    @Override
    public void trouble() {
        sayQuote("BTC", "null", level(books.get(0).asks().get(0).price()));
        out.say("{'channel':'activeSpotAssetCtx','data':{'coin':'@107','ctx':{'prevDayPx':'24.1','dayNtlVlm':'812000.5','markPx':'24.5','midPx':'24.51','circulatingSupply':'598.7'}}}");
        sayAnswer("unsubscribe", "'type':'bbo','coin':'ETH'");
        out.say("{'channel':'error','data':'Invalid subscription {\\'type\\':\\'bbo\\',\\'coin\\':\\'NOPE\\'}'}");
        out.say("{'channel':'allMids','data':{'mids':{'BTC':'64000.5'}}}");
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayAnswer(final String method, final String subscription) {
        out.say("{'channel':'subscriptionResponse','data':{'method':'%s','subscription':{%s}}}", method, subscription);
    }

    private void sayQuote(final String symbol, final String bid, final String ask) {
        out.say("{'channel':'bbo','data':{'coin':'%s','time':%d,'bbo':[%s,%s]}}", symbol, out.ms(), bid, ask);
    }

    private void sayCandle(final int i, final String interval) {
        final String bid = books.get(i).bids().get(0).price();
        final String ask = books.get(i).asks().get(0).price();
        out.say("{'channel':'candle','data':{'t':%d,'T':%d,'s':'%s','i':'%s','o':'%s','c':'%s','h':'%s','l':'%s','v':'12.5','n':81}}",
            out.ms() / 60_000 * 60_000, out.ms() / 60_000 * 60_000 + 59_999, SYMBOLS.get(i), interval, bid, ask, ask,
            bid);
    }

    private void sayBook(final int i) {
        final List<GeneratedBook.Level> levels = books.get(i).levels();
        out.say("{'channel':'l2Book','data':{'coin':'%s','time':%d,'levels':[[%s],[%s]]}}", SYMBOLS.get(i), out.ms(),
            GeneratedBook.bids(levels, LEVEL), GeneratedBook.asks(levels, LEVEL));
    }

    private String level(final String price) {
        return MessageWriter.text(LEVEL, price, out.random(10_000, 5));
    }

    private String trade(final String symbol, final String side, final String price) {
        return MessageWriter.text("{'coin':'%s','side':'%s','px':'%s','sz':'%s','hash':'0x0a','time':%d,'tid':%d,'users':[]}", symbol, side,
            price, out.random(1_000, 5), out.ms() - 40, 118_906_512_037_719L + out.random(1_000_000));
    }
}
