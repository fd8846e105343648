package penstock.venue.generated;

import java.util.List;

/** Twelve Data: prices with whole seconds. */
final class TwelveDataMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("AAPL", "EUR/USD", "BTC/USD");

    private final MessageWriter out;

    TwelveDataMessages(final MessageWriter out) {
        this.out = out;
    }

    @Override
    public void open() {
        out.say("{'event':'subscribe-status','status':'ok','success':[{'symbol':'AAPL','exchange':'NASDAQ'},{'symbol':'EUR/USD'},{'symbol':'BTC/USD'}],'fails':[{'symbol':'NOPE'}]}");
    }

    @Override
    public void round(final int number) {
        if (number % 8 == 7) {
            out.say("{'event':'heartbeat','status':'ok'}");
        } else {
            out.say("{'event':'price','symbol':'%s','currency':'USD','timestamp':%d,'price':%s,'bid':181.95,'ask':181.99,'day_volume':81230}",
                SYMBOLS.get(number % SYMBOLS.size()), out.us() / 1_000_000, out.random(18_000, 2));
        }
    }

    @Override
    public void trouble() {
        out.say("{'event':'unsubscribe-status','status':'ok','success':[{'symbol':'BTC/USD'}],'fails':null}");
        out.say("{'event':'subscribe-status','status':'error','success':null,'fails':[{'symbol':'NOPE'}]}");
        out.say("{'status':'error','code':401,'message':'The key is wrong.'}");
        out.say("{'status':'error','code':429,'message':'Too many requests.'}");
        out.say("{'status':'error','code':400,'message':'The action is unknown.'}");
    }
}
