package penstock.venue.generated;

import java.util.List;
import java.util.Map;

/** Bybit, version 5: linear perpetuals, and the answer of its options to a subscription. */
final class BybitMessages implements GeneratedVenue {
    private static final String LEVEL = "['%s','%s']";
    private static final List<String> SYMBOLS = List.of("BTCUSDT", "ETHUSDT");

    private final MessageWriter out;
    private final List<GeneratedBook> books;
    private final long[] updates = {18_000_000, 7_000_000};
    private long sequence = 7_900_000_000L;

    BybitMessages(final MessageWriter out) {
        this.out = out;
        books = List.of(new GeneratedBook(out, new GeneratedBook.Scale(640_000, 1, 3), 6),
            new GeneratedBook(out, new GeneratedBook.Scale(310_000, 2, 2), 6));
    }

    @Override
    public void open() {
        out.say("{'success':true,'ret_msg':'','conn_id':'c0','req_id':'1','op':'subscribe'}");
        List.of("5", "15", "60", "240", "D").forEach(interval -> sayCandle(0, interval));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            sayBook(i, "snapshot", books.get(i).levels());
            sayTicker(i, "snapshot", "'symbol':'%s','tickDirection':'PlusTick','lastPrice':'%s','prevPrice24h':'63990.00','highPrice24h':'64100.00',"
                + "'lowPrice24h':'63800.00','volume24h':'812.4','turnover24h':'51990000.1','bid1Price':'63999.90','bid1Size':'0.5','ask1Price':'64000.10',"
                + "'ask1Size':'0.7','markPrice':'63999.97','indexPrice':'64001.25','openInterest':'5120.5','fundingRate':'0.0001','nextFundingTime':'1795017600000'");
        }
    }

    @Override
    public void round(final int number) {
        final int i = out.random(SYMBOLS.size());
        final GeneratedBook book = books.get(i);
        switch (number % 10) {
            case 0, 5 -> out.say("{'topic':'orderbook.1.%s','type':'snapshot','ts':%d,'data':{'s':'%s','b':[['%s','1.2']],'a':[['%s','0.9']],'u':%d,'seq':%d},'cts':%d}",
                SYMBOLS.get(i), out.ms(), SYMBOLS.get(i), book.bids().get(0).price(), book.asks().get(0).price(),
                updates[i], ++sequence, out.ms() - 2);
            case 1 -> sayTicker(i, "delta", "'symbol':'%s','lastPrice':'%s'");
            case 2 -> sayTrades(i);
            case 3 -> sayMinute(i);
            case 4 -> out.say("{'topic':'allLiquidation.%s','type':'snapshot','ts':%d,'data':[{'T':%d,'s':'%s','S':'Sell','v':'0.5','p':'%s'}]}",
                SYMBOLS.get(i), out.ms(), out.ms() - 40, SYMBOLS.get(i), book.bids().get(3).price());
            case 6 -> out.say("{'success':true,'ret_msg':'pong','conn_id':'c0','op':'ping'}");
            default -> sayChange(i);
        }
    }

    @Override
    public void trouble() {
        updates[0] += 4;
        out.gap();
        sayChange(0);
        sayBook(0, "snapshot", books.get(0).levels());
        // the venue's service restarted
        updates[1] = 0;
        sayBook(1, "delta", books.get(1).levels());
        sayChange(1);
        out.say("{'op':'pong','args':['%d'],'conn_id':'c0'}", out.ms());
        out.say("{'success':true,'conn_id':'c0','data':{'failTopics':['tickers.NOPE'],'successTopics':['tickers.BTC-25DEC26-60000-C']},'type':'COMMAND_RESP'}");
        out.say("{'success':false,'ret_msg':'error:handler not found,topic:tickers.NOPE','conn_id':'c0','req_id':'2','op':'subscribe'}");
        out.say("{'topic':'insurance.USDT','type':'delta','ts':%d,'data':[]}", out.ms());
    }

    @Override
    public Map<String, GeneratedBook> books() {
        return GeneratedBook.named(SYMBOLS, books);
    }

    private void sayChange(final int i) {
        sayBook(i, "delta", books.get(i).change(3));
    }

    private void sayBook(final int i, final String type, final List<GeneratedBook.Level> levels) {
        out.say("{'topic':'orderbook.50.%s','type':'%s','ts':%d,'data':{'s':'%s','b':[%s],'a':[%s],'u':%d,'seq':%d},'cts':%d}", SYMBOLS.get(i),
            type, out.ms(), SYMBOLS.get(i), GeneratedBook.bids(levels, LEVEL), GeneratedBook.asks(levels, LEVEL),
            ++updates[i], ++sequence, out.ms() - 2);
    }

    private void sayTicker(final int i, final String type, final String fields) {
        sequence += 1 + out.random(20);
        out.say("{'topic':'tickers.%s','type':'%s','data':{" + fields + "},'cs':%d,'ts':%d}", SYMBOLS.get(i), type, SYMBOLS.get(i),
            books.get(i).bids().get(0).price(), sequence, out.ms());
    }

    private void sayTrades(final int i) {
        sequence++;
        out.say("{'topic':'publicTrade.%s','type':'snapshot','ts':%d,'data':[%s,%s]}", SYMBOLS.get(i), out.ms(), trade(i), trade(i));
    }

    private String trade(final int i) {
        return MessageWriter.text("{'T':%d,'s':'%s','S':'Buy','v':'0.0%d','p':'%s','i':'trade-%d','seq':%d}", out.ms() - 3, SYMBOLS.get(i),
            1 + out.random(8), books.get(i).asks().get(0).price(), out.random(1_000_000), sequence);
    }

    private void sayMinute(final int i) {
        sayCandle(i, "1");
    }

    private void sayCandle(final int i, final String interval) {
        final long minute = out.ms() / 60_000 * 60_000;
        final String price = books.get(i).bids().get(0).price();
        out.say("{'topic':'kline.%s.%s','data':[{'start':%d,'end':%d,'interval':'%s','open':'%s','close':'%s','high':'%s','low':'%s','volume':'1.5',"
            + "'turnover':'96000.0','confirm':false,'timestamp':%d}],'ts':%d,'type':'snapshot'}",
            interval, SYMBOLS.get(i), minute, minute + 59_999, interval, price, price, price, price, out.ms(),
            out.ms());
    }
}
