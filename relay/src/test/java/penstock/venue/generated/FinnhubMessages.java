package penstock.venue.generated;

import java.util.List;

/** Finnhub: prices of FX pairs and trades of stocks and crypto in one kind of message. */
final class FinnhubMessages implements GeneratedVenue {
    private static final List<String> STOCKS = List.of("AAPL", "BINANCE:BTCUSDT");
    private static final List<String> PAIRS = List.of("OANDA:EUR_USD", "OANDA:GBP_USD");

    private final MessageWriter out;

    FinnhubMessages(final MessageWriter out) {
        this.out = out;
    }

    @Override
    public void open() {
        out.say("{'type':'ping'}");
    }

    @Override
    public void round(final int number) {
        switch (number % 4) {
            case 0 -> out.say("{'data':[%s,%s],'type':'trade'}", trade(STOCKS), quote());
            case 2 -> out.say("{'data':[%s],'type':'trade'}", trade(STOCKS));
            default -> out.say("{'data':[%s],'type':'trade'}", quote());
        }
    }

    @Override
    public void trouble() {
        out.say("{'type':'news','data':[{'category':'company','headline':'An invented headline','id':1}]}");
        out.say("{'type':'error','msg':'Subscribing to too many symbols'}");
        out.say("{'type':'error','msg':'Invalid symbol'}");
        out.say("{'type':'error','msg':'Invalid API key'}");
    }

    private String trade(final List<String> symbols) {
        return MessageWriter.text("{'c':['1'],'p':%s,'s':'%s','t':%d,'v':%d}", out.random(18_000, 2), symbols.get(out.random(symbols.size())),
            out.ms(), 1 + out.random(200));
    }

    private String quote() {
        return MessageWriter.text("{'c':null,'p':%s,'s':'%s','t':%d,'v':0}", MessageWriter.number(110_300 + out.random(90), 5),
            PAIRS.get(out.random(PAIRS.size())), out.ms());
    }
}
