package penstock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthConfigTest {
    private static final String FEED = "feed { venue = json }\n";
    private static final String FX = "products { fx { channels = [quote], symbols = [\"EUR*\", GBPUSD] } }\n";

    @TempDir
    private Path folder;

    @Test
    void shouldReadProducts() {
        assertThat(load(FX + "products.metals.symbols = [\"XAU*\"]").products()).containsExactly(
            Map.entry("fx", new AuthConfig.Product(List.of("quote"), List.of("EUR*", "GBPUSD"))),
            Map.entry("metals", new AuthConfig.Product(List.of(), List.of("XAU*"))));
        assertThat(load("").products()).isEmpty();
    }

    @Test
    void shouldReportEachMistakeOfProducts() {
        assertThat(problems("products {\n fx { channels = [quote] }\n \"a b\" { symbols = [A] }\n"
            + " x { symbols = [A, \"\"], symbls = [] }\n}")).containsExactly(
            "relay.conf:3: products.fx.symbols: is missing, and a product without symbols grants nothing; list names "
                + "and patterns, or [\"*\"] for all",
            "relay.conf:4: products.\"a b\": is no name of a product; use 1 to 64 of A-Z a-z 0-9 . _ -",
            "relay.conf:5: products.x.symbols: a symbol is 1 to 128 characters, none of them a control character; "
                + "\"\" has 0 characters",
            "relay.conf:5: products.x.symbls: unknown key; did you mean symbols?");
        assertThat(problems("products = [fx]")).singleElement().asString()
            .startsWith("relay.conf:2: products: must be products like { fx { channels = [quote]")
            .endsWith("got a list");
    }

    @Test
    void shouldFindTheKeysFileNextToTheConfiguration() throws Exception {
        final Path file = Files.writeString(folder.resolve("relay.conf"), FEED + FX + "auth.keys-file = keys.conf");

        assertThat(new RelayConfigLoader(Map.of()).load(file, List.of()).auth())
            .isEqualTo(new AuthConfig(AuthConfig.Mode.NONE, folder.resolve("keys.conf").toString(), 20));
    }

    @Test
    void shouldRefuseModesThatTheServerDoesNotEnforce() {
        assertThat(problems(FX + "auth { mode = keys, keys-file = keys.conf }")).containsExactly(
            "relay.conf:3: auth.mode: keys is not in this version; use none, and let only trusted networks reach "
                + "server.port");
        assertThat(problems("auth.mode = static")).containsExactly(
            "relay.conf:2: auth.mode: must be one of none, keys, jwt, got static");
    }

    @Test
    void shouldReportWhatKeysNeed() {
        assertThat(problems("auth.mode = keys")).contains(
            "relay.conf:2: auth.mode: is keys, and auth.keys-file is missing; name a file, and write its lines with "
                + "relay key new",
            "relay.conf:2: auth.mode: is keys, and products is empty, so no client could see anything; write products "
                + "like { fx { channels = [quote], symbols = [\"EUR*\", \"GBP*\"] } }");
        assertThat(problems("auth { mode = keys, keys-file = \" \" }"))
            .contains("relay.conf:2: auth.keys-file: must be the path of a file");
    }

    private static RelayConfig load(final String text) {
        return new RelayConfigLoader(Map.of()).loadText("relay.conf", FEED + text, List.of());
    }

    private static List<String> problems(final String text) {
        return catchThrowableOfType(ConfigException.class, () -> load(text)).problems().stream().map(Problem::toString)
            .toList();
    }
}
