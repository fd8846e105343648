package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.ConfigException;
import penstock.config.Problem;

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

        assertThat(new RelayConfigLoader(Map.of()).load(file, List.of()).auth().keysFile())
            .isEqualTo(folder.resolve("keys.conf").toString());
    }

    @Test
    void shouldReadTheModes() {
        assertThat(load("").auth().mode()).isEqualTo(AuthConfig.Mode.NONE);
        assertThat(load(FX + "auth { mode = keys, keys-file = keys.conf }").auth().mode())
            .isEqualTo(AuthConfig.Mode.KEYS);
        assertThat(load(FX + "auth { mode = jwt, jwt { jwks = keys.json, issuer = i, audience = a } }").auth().mode())
            .isEqualTo(AuthConfig.Mode.JWT);
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

    @Test
    void shouldReportWhatTokensNeed() {
        assertThat(problems(FX + "auth.mode = jwt")).contains(
            "relay.conf:3: auth.mode: is jwt, and auth.jwt.jwks is missing; name the JWKS file or address of your "
                + "identity provider",
            "relay.conf:3: auth.mode: is jwt, and auth.jwt.issuer is missing; it is the iss of your tokens",
            "relay.conf:3: auth.mode: is jwt, and auth.jwt.audience is missing; it is the aud of tokens that are meant "
                + "for this relay");
        assertThat(problems("auth.jwt {\n skew = 61s\n refresh = 1h\n}")).containsExactly(
            "relay.conf:3: auth.jwt.skew: must be from 0 to 60s in whole milliseconds, got 61s",
            "relay.conf:4: auth.jwt.refresh: outage-tolerance 1h must be longer than refresh 1h, or the keys would end "
                + "before they are fetched again");
    }

    @Test
    void shouldRefuseAnAddressOfKeysThatCannotBeRight() {
        for (final String address : List.of("ftp://login.test/SECRET", "https://me:SECRET@login.test/keys",
            "https:///keys", "https://login.test/keys#SECRET", "https://log in.test/SECRET")) {
            assertThat(problems("auth.jwt.jwks = \"" + address + '"')).singleElement().asString()
                .startsWith("relay.conf:2: auth.jwt.jwks: ").doesNotContain("SECRET");
        }
        assertThat(load("auth.jwt.jwks = \"https://login.test/keys\"").auth().jwt().jwks())
            .isEqualTo("https://login.test/keys");
        assertThat(load("auth.jwt.jwks = keys.json").auth().jwt().jwks()).isEqualTo("keys.json");
    }

    @Test
    void shouldReportMistakesOfRights() {
        assertThat(problems("auth.rights {\n url = \"https://rights.test/SECRET\"\n token = \"SECRET \\u00e9\"\n"
            + " refresh = 1h\n}")).containsExactly(
            "relay.conf:3: auth.rights.url: must have {id} in place of the client's name; write it like "
                + "https://rights.example.com/clients/{id}",
            "relay.conf:3: auth.rights.url: is of no use while auth.mode is none, and every client sees everything; set "
                + "auth.mode, or remove it",
            "relay.conf:4: auth.rights.token: has a character that no token may have; use visible ASCII characters",
            "relay.conf:5: auth.rights.refresh: grace 10m must not be shorter than refresh 1h");
        for (final String address : List.of("wss://rights.test/{id}/SECRET", "https://me:SECRET@rights.test/{id}",
            "https:///{id}", "rights.test/{id}")) {
            assertThat(problems("auth.rights.url = \"" + address + '"')).hasSize(2)
                .allMatch(line -> line.startsWith("relay.conf:2: auth.rights.url: ") && !line.contains("SECRET"));
        }
    }

    @Test
    void shouldMaskSecretsInEveryText() {
        final AuthConfig auth = load("auth { jwt.jwks = \"https://login.test/keys?SECRET\"\n"
            + "rights.token = SECRET }").auth();
        final AuthConfig.Rights rights = new AuthConfig.Rights("https://rights.test/{id}?key=SECRET", "SECRET", 1, 1);

        assertThat(List.of(auth.toString(), auth.jwt().toString(), rights.toString(),
            new AuthConfig(auth.mode(), null, 0, AuthConfig.OnExcess.DENY_NEW,
                AuthConfig.Quotas.NONE, auth.jwt(), rights).toString()))
            .noneMatch(text -> text.contains("SECRET"));
    }

    private static RelayConfig load(final String text) {
        return new RelayConfigLoader(Map.of()).loadText("relay.conf", FEED + text, List.of());
    }

    private static List<String> problems(final String text) {
        return catchThrowableOfType(ConfigException.class, () -> load(text)).problems().stream().map(Problem::toString)
            .toList();
    }
}
