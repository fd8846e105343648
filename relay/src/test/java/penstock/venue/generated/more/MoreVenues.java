package penstock.venue.generated.more;

import java.util.Map;
import java.util.function.Function;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** The venues of this package, by the name of the venue file. Stateless. */
public final class MoreVenues {
    public static final Map<String, Function<MessageWriter, GeneratedVenue>> ALL = Map.ofEntries(
        Map.entry("bitflyer", BitflyerMessages::new),
        Map.entry("dydx-v4", DydxV4Messages::new),
        Map.entry("gemini", GeminiMessages::new),
        Map.entry("kucoin", KucoinMessages::new),
        Map.entry("phemex", PhemexMessages::new),
        Map.entry("upbit", UpbitMessages::new));

    private MoreVenues() {
    }
}
