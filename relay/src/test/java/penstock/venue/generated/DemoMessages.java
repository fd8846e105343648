package penstock.venue.generated;

import java.util.List;

/** The demo feed. */
final class DemoMessages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("EURUSD", "GBPUSD", "USDJPY");

    private final MessageWriter out;

    DemoMessages(final MessageWriter out) {
        this.out = out;
    }

    @Override
    public void round(final int number) {
        final int bid = 110_300 + out.random(90);
        out.say("{'symbol':'%s','time':%d,'quote':{'bid':%s,'ask':%s}}", SYMBOLS.get(number % SYMBOLS.size()), out.us(),
            MessageWriter.number(bid, 5), MessageWriter.number(bid + 2, 5));
    }
}
