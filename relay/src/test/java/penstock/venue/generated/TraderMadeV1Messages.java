package penstock.venue.generated;

import java.util.List;

/** TraderMade, version 1: flat quotes. */
final class TraderMadeV1Messages implements GeneratedVenue {
    private static final List<String> SYMBOLS = List.of("EURUSD", "GBPUSD", "XAUUSD");

    private final MessageWriter out;

    TraderMadeV1Messages(final MessageWriter out) {
        this.out = out;
    }

    @Override
    public void open() {
        out.say("Connected");
    }

    /** {@code mid} has the rounding noise of binary fractions. */
    @Override
    public void round(final int number) {
        final int bid = 110_300 + out.random(90);
        out.say("{'symbol':'%s','ts':'%d','bid':%s,'ask':%s,'mid':%s}", SYMBOLS.get(number % SYMBOLS.size()), out.ms(),
            MessageWriter.number(bid, 5), MessageWriter.number(bid + 3, 5), MessageWriter.number(bid * 10 + 16, 6));
    }

    @Override
    public void trouble() {
        // a bad key is answered with prose, not with a message that a rule could match
    }
}
