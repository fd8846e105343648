package penstock.venue.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The signature of Kraken's private requests. */
class KrakenSignatureTest {
    private static final String SECRET =
        "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";

    @Test
    void shouldSignTheExampleOfTheVenue() throws Exception {
        final Map<String, String> values = new KrakenSignature().values(new PluginCall("wss://x", Map.of("secret",
            SECRET, "path", "/0/private/AddOrder", "form",
            "ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"), 1_616_492_376_594L));
        assertThat(values).containsEntry("signature",
            "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==")
            .containsEntry("body",
                "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25");
    }

    @Test
    void shouldRefuseASecretThatIsNone() {
        assertThatThrownBy(() -> new KrakenSignature().values(new PluginCall("wss://x", Map.of("secret", "*"), 1)))
            .isInstanceOf(FatalPluginException.class).hasMessageContaining("is not base64");
    }
}
