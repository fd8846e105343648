package penstock.venue.generated;

import java.util.List;

/** Polygon: arrays of events; stocks, and a few events of its forex and crypto clusters. */
final class PolygonMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("AAPL", "SPY");

    private final MessageWriter out;
    private long number = 500;

    PolygonMessages(final MessageWriter out) {
        this.out = out;
    }

    @Override
    public void open() {
        out.say("[{'ev':'status','status':'connected','message':'Connected Successfully'}]");
        out.pass(5);
        out.say("[{'ev':'status','status':'auth_success','message':'authenticated'}]");
        out.pass(5);
        out.say("[{'ev':'status','status':'success','message':'subscribed to: Q.AAPL'},%s]", quote("AAPL"));
    }

    @Override
    public void round(final int round) {
        final String symbol = SYMBOLS.get(out.random(SYMBOLS.size()));
        switch (round % 8) {
            case 0 -> out.say("[%s,%s]", quote("AAPL"), quote("SPY"));
            case 1 -> out.say("[%s,%s]", trade(symbol), quote(symbol));
            case 2 -> out.say("[%s]", aggregate("AM", "sym", symbol, 60_000));
            case 3 -> out.say("[%s]", aggregate("A", "sym", symbol, 1_000));
            case 4 -> out.say("[{'ev':'C','p':'EUR/USD','i':0,'x':48,'a':1.10344,'b':1.10342,'t':%d},{'ev':'XQ','pair':'BTC-USD','bp':64000.1,'bs':0.5,'ap':64000.2,'as':0.2,'t':%d,'x':1}]",
                out.ms(), out.ms());
            case 5 -> out.say("[{'ev':'XT','pair':'BTC-USD','p':64000.1,'s':0.02,'i':'4711','t':%d,'x':1},%s,%s]", out.ms(),
                aggregate("XA", "pair", "BTC-USD", 60_000), aggregate("XAS", "pair", "BTC-USD", 1_000));
            default -> out.say("[%s]", quote(symbol));
        }
    }

    @Override
    public void trouble() {
        out.say("[{'ev':'LULD','sym':'SPY','h':455.1,'l':449.9,'t':%d}]", out.ms());
        out.say("[{'ev':'status','status':'error','message':'not authorized: Q.NOPE'}]");
        out.say("[{'ev':'status','status':'max_connections','message':'Maximum number of connections exceeded.'}]");
        out.say("[{'ev':'status','status':'auth_failed','message':'authentication failed'}]");
    }

    /** Numbers rise with gaps. */
    private String quote(final String symbol) {
        number += 1 + out.random(6);
        return MessageWriter.text("{'ev':'Q','sym':'%s','bx':4,'bp':%s,'bs':%d,'ax':7,'ap':%s,'as':%d,'c':0,'t':%d,'q':%d,'z':3}", symbol,
            MessageWriter.number(18_190 + out.random(10), 2), 1 + out.random(40),
            MessageWriter.number(18_201 + out.random(10), 2), 1 + out.random(40), out.ms(), number);
    }

    private String trade(final String symbol) {
        number += 1 + out.random(6);
        return MessageWriter.text("{'ev':'T','sym':'%s','x':4,'i':'%d','z':3,'p':%s,'s':%d,'t':%d,'q':%d}", symbol, number,
            MessageWriter.number(18_195 + out.random(10), 2), 1 + out.random(500), out.ms(), number);
    }

    private String aggregate(final String event, final String key, final String symbol, final long lengthMs) {
        final long start = out.ms() / lengthMs * lengthMs;
        return MessageWriter.text("{'ev':'%s','%s':'%s','v':%d,'o':182.01,'c':182.04,'h':182.10,'l':181.99,'s':%d,'e':%d}", event, key, symbol,
            100 + out.random(900), start, start + lengthMs);
    }
}
