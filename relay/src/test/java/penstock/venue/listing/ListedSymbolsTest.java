package penstock.venue.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.venue.Venue;

/** What a venue's list of instruments says of symbols. */
class ListedSymbolsTest {
    private static final String OKX = "{\"code\":\"0\",\"data\":[{\"instId\":\"%s\"}]}";

    @Test
    void shouldLookIntoEachPartOfTheList() {
        final Map<String, String> parts = Map.of("instType=SPOT", OKX.formatted("BTC-USDT"), "instType=SWAP",
            OKX.formatted("BTC-USDT-SWAP"), "instType=FUTURES", OKX.formatted("BTC-USD-270326"));
        assertThat(report("okx", parts, "BTC/USDT", "BTC/USDT:USDT", "ETH/USDT", "BTC/USD:BTC-270326-60000-C",
            "BTC-USDT")).containsExactly("the venue lists 3 instruments", "BTC/USDT: listed as BTC-USDT",
                "BTC/USDT:USDT: listed as BTC-USDT-SWAP",
                "WRONG ETH/USDT: the venue does not list ETH-USDT; case counts",
                "BTC/USD:BTC-270326-60000-C: the venue's BTC-USD-270326-60000-C, of a kind that the list does not have",
                "WRONG BTC-USDT: the symbol is published as BTC/USDT: use that name");
    }

    @Test
    void shouldAskForEachPartByItsBody() {
        final Map<String, String> parts = Map.of("/info {\"type\":\"meta\"}", "{\"universe\":[{\"name\":\"BTC\"}]}",
            "/info {\"type\":\"spotMeta\"}", "{\"universe\":[{\"name\":\"@107\"}]}");
        assertThat(report("hyperliquid", parts, "BTC/USDC:USDC", "@107", "btc/USDC:USDC", "xyz:TSLA"))
            .containsExactly("the venue lists 2 instruments", "BTC/USDC:USDC: listed as BTC", "@107: listed as @107",
                "WRONG btc/USDC:USDC: the venue does not list btc; case counts",
                "xyz:TSLA: the venue's xyz:TSLA, of a kind that the list does not have");
    }

    @Test
    void shouldKnowTheWordsOfTheList() {
        final Map<String, String> list = Map.of("AssetPairs",
            "{\"result\":{\"A\":{\"wsname\":\"XBT/USD\"},\"B\":{\"wsname\":\"XDG/XBT\"},\"C\":{\"wsname\":\"XBTX/USD\"}}}");
        assertThat(report("kraken-v2", list, "BTC/USD", "DOGE/BTC", "XBTX/USD", "XBT/USD"))
            .containsExactly("the venue lists 3 instruments", "BTC/USD: listed as BTC/USD",
                "DOGE/BTC: listed as DOGE/BTC", "XBTX/USD: listed as XBTX/USD",
                "WRONG XBT/USD: the venue does not list XBT/USD; case counts");
    }

    @Test
    void shouldCheckTheFormAloneWithoutAList() {
        assertThat(report("tradermade-v2", Map.of(), "EURUSD", "eurusd")).containsExactly(
            "note: the file has no list of instruments; only the form of the symbols is checked",
            "EURUSD: the venue's EURUSD",
            "WRONG eurusd: no symbol of the venue looks like that, case counts: try EURUSD");
        assertThat(ListedSymbols.where(Venue.load("tradermade-v2"))).isEmpty();
        assertThat(ListedSymbols.where(Venue.load("okx"))).isEqualTo(", a list of instruments at www.okx.com");
    }

    @Test
    void shouldSayWhyThereIsNoList() {
        assertThat(report("kucoin", Map.of(), "BTC/USDT")).containsExactly("WRONG no list of instruments: no route");
        final Map<String, String> tooMany =
            Map.of("symbols", "{\"code\":\"429000\",\"data\":[{\"symbol\":\"BTC-USDT\"}]}");
        assertThat(report("kucoin", tooMany, "BTC/USDT"))
            .singleElement().asString()
            .matches("WRONG no list of instruments: venues/kucoin\\.conf:[0-9]+: instruments\\.names: "
                + "\\$/data/\\*/symbol finds no name in the answer of api\\.kucoin\\.com");
    }

    /** {@code answers}: by a part of the address. */
    private static List<String> report(final String venue, final Map<String, String> answers, final String... symbols) {
        return new ListedSymbols(Venue.load(venue), (list, part) -> {
            for (final Map.Entry<String, String> answer : answers.entrySet()) {
                if ((list.uri(part) + " " + list.body(part)).contains(answer.getKey())) {
                    return answer.getValue().getBytes(StandardCharsets.UTF_8);
                }
            }
            throw new IOException("no route");
        }).report(List.of(symbols));
    }
}
