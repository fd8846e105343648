package penstock.venue.generated.crypto;

import java.util.Map;
import java.util.function.Function;
import penstock.venue.generated.GeneratedVenue;
import penstock.venue.generated.MessageWriter;

/** The venues of this package, by the name of the venue file. Stateless. */
public final class CryptoVenues {
    public static final Map<String, Function<MessageWriter, GeneratedVenue>> ALL = Map.ofEntries(
        Map.entry("binance-usdm", BinanceUsdmMessages::new),
        Map.entry("bitget", BitgetMessages::new),
        Map.entry("coinbase-advanced", CoinbaseAdvancedMessages::new),
        Map.entry("crypto-com", CryptoComMessages::new),
        Map.entry("gate", GateMessages::new),
        Map.entry("hyperliquid", HyperliquidMessages::new),
        Map.entry("mexc", MexcMessages::new));

    private CryptoVenues() {
    }
}
