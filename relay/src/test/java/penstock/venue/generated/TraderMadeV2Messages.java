package penstock.venue.generated;

import java.util.List;

/** TraderMade, version 2. */
final class TraderMadeV2Messages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("EURUSD", "GBPUSD", "XAUUSD");

    private final MessageWriter out;

    TraderMadeV2Messages(final MessageWriter out) {
        this.out = out;
    }

    @Override
    public void open() {
        out.say("{'type':'login_ok','symbol_limit':10}");
        out.pass(5);
        out.say("{'type':'sub_ack','accepted':['EURUSD:QUOTE','GBPUSD:QUOTE','XAUUSD:QUOTE'],'denied':['NOKSEK:QUOTE'],'invalid':['NOPE:QUOTE']}");
        SYMBOLS.forEach(symbol -> sayQuote("LAST_QUOTE", symbol));
    }

    @Override
    public void round(final int number) {
        sayQuote("QUOTE", SYMBOLS.get(number % SYMBOLS.size()));
    }

    @Override
    public void trouble() {
        out.say("{'type':'unsub_ack','accepted':['XAUUSD:QUOTE']}");
        out.say("{'type':'error','message':'unknown action'}");
    }

    private void sayQuote(final String type, final String symbol) {
        final int bid = 110_300 + out.random(90);
        out.say("{'t':'%s','s':'%s','b':'%s','a':'%s','ts':'%s'}", type, symbol, MessageWriter.number(bid, 5),
            MessageWriter.number(bid + 3, 5), out.time("yyyyMMdd-HH:mm:ss.SSS"));
    }
}
