package penstock.venue.generated;

import java.util.List;

/** Any feed of flat quotes; this one spells the key of the symbol in every way. */
final class JsonMessages implements GeneratedVenue {
    private static final List<String> KEYS = List.of("symbol", "s", "sym", "instrument", "pair");

    private final MessageWriter out;

    JsonMessages(final MessageWriter out) {
        this.out = out;
    }

    @Override
    public void round(final int number) {
        final int bid = 110_300 + out.random(90);
        out.say("{'%s':'%s','bid':%s,'ask':%s}", KEYS.get(number % KEYS.size()), number % 2 == 0 ? "EURUSD" : "GBPUSD",
            MessageWriter.number(bid, 5), MessageWriter.number(bid + 2, 5));
    }
}
