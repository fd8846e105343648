package penstock.config.relay;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.config.ConfigUnits;
import penstock.config.SourceText;
import penstock.text.SymbolName;

/** Reads and checks {@code auth} and {@code products}. Owned by the thread that reads the configuration. */
final class AuthConfigReader {
    private static final int REFUSED = -1;
    private static final long DAY_MS = 86_400_000;
    private static final int MAX_SESSIONS = 1_000_000;
    private static final Pattern PRODUCT = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String EXAMPLE = "{ fx { channels = [quote], symbols = [\"EUR*\", \"GBP*\"] } }";

    private static final int MAX_QUOTA = 1_000_000_000;

    private final Path folder;

    /** {@code folder} resolves relative paths. */
    AuthConfigReader(final Path folder) {
        this.folder = folder;
    }

    /** Reads both from the root of the configuration and records their problems. */
    RelayConfig.Access read(final ConfigSection root) {
        final Map<String, AuthConfig.Product> products = products(root);
        final ConfigSection section = root.section("auth");
        final AuthConfig auth = new AuthConfig(section.choice("mode", AuthConfig.Mode.NONE, AuthConfig.Mode.class),
            path(section, "keys-file"), section.integer("sessions", 0, 0, MAX_SESSIONS),
            section.choice("on-excess", AuthConfig.OnExcess.DENY_NEW, AuthConfig.OnExcess.class),
            quotas(section.section("quotas")), jwt(section.section("jwt")), rights(section.section("rights")));
        if (auth.mode() != AuthConfig.Mode.NONE) {
            need(section, !products.isEmpty(), "products is empty, so no client could see anything; write products "
                + "like " + EXAMPLE);
        }
        if (auth.mode() == AuthConfig.Mode.NONE && auth.rights().url() != null) {
            section.section("rights").problem("url", "is of no use while auth.mode is none, and every client sees "
                + "everything; set auth.mode, or remove it");
        }
        if (auth.mode() == AuthConfig.Mode.KEYS) {
            need(section, auth.keysFile() != null, "auth.keys-file is missing; name a file, and write its lines with "
                + "relay key new");
        }
        if (auth.mode() == AuthConfig.Mode.JWT) {
            need(section, auth.jwt().jwks() != null, "auth.jwt.jwks is missing; name the JWKS file or address of your "
                + "identity provider");
            need(section, auth.jwt().issuer() != null, "auth.jwt.issuer is missing; it is the iss of your tokens");
            need(section, auth.jwt().audience() != null, "auth.jwt.audience is missing; it is the aud of tokens that "
                + "are meant for this relay");
        }
        return new RelayConfig.Access(auth, products, BusConfig.read(root.section("bus"), folder));
    }

    /** What the mode needs is missing: the mistake is in the line of the mode, which is not a default. */

    private static AuthConfig.Quotas quotas(final ConfigSection section) {
        return new AuthConfig.Quotas(section.integer("handshakes-per-second", 0, 0, MAX_QUOTA),
            section.integer("requests-per-second", 0, 0, MAX_QUOTA),
            section.integer("work-per-second", 0, 0, MAX_QUOTA),
            section.integer("subscriptions", 0, 0, MAX_QUOTA), section.integer("symbols", 0, 0, MAX_QUOTA));
    }

    private static void need(final ConfigSection section, final boolean isThere, final String remedy) {
        if (!isThere) {
            section.problem("mode", "is " + section.text("mode", "") + ", and " + remedy);
        }
    }

    private AuthConfig.Jwt jwt(final ConfigSection section) {
        final AuthConfig.Refresh refresh = new AuthConfig.Refresh(
            section.durationMs("refresh", REFUSED, 1_000, DAY_MS),
            section.durationMs("refetch-after", REFUSED, 1_000, DAY_MS),
            section.durationMs("outage-tolerance", REFUSED, 1_000, 30 * DAY_MS));
        if (refresh.refreshMs() != REFUSED && refresh.outageToleranceMs() != REFUSED
                && refresh.outageToleranceMs() <= refresh.refreshMs()) {
            section.problemBetween("outage-tolerance " + ConfigUnits.duration(refresh.outageToleranceMs())
                + " must be longer than refresh " + ConfigUnits.duration(refresh.refreshMs())
                + ", or the keys would end before they are fetched again", "outage-tolerance", "refresh");
        }
        return new AuthConfig.Jwt(jwks(section), section.text("issuer", null), section.text("audience", null),
            section.choice("rsa-algorithm", AuthConfig.RsaAlgorithm.RS256, AuthConfig.RsaAlgorithm.class),
            section.durationMs("skew", REFUSED, 0, 60_000),
            new AuthConfig.Claims(section.text("products-claim", "products"), section.text("sessions-claim", null),
                section.text("display-claim", null), section.text("quotas-claim", null),
                section.text("role-claim", null)),
            refresh);
    }

    private static AuthConfig.Rights rights(final ConfigSection section) {
        final String url = section.text("url", null);
        if (url != null && !url.contains("{id}")) {
            section.problem("url", "must have {id} in place of the client's name; write it like "
                + "https://rights.example.com/clients/{id}");
        } else if (url != null) {
            checkAddress(section, "url", url.replace("{id}", "x"), "");
        }
        final AuthConfig.Rights rights = new AuthConfig.Rights(url, section.text("token", null),
            section.durationMs("refresh", REFUSED, 1_000, DAY_MS),
            section.durationMs("grace", REFUSED, 0, 30 * DAY_MS));
        if (rights.token() != null && !rights.token().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            section.problem("token", "has a character that no token may have; use visible ASCII characters");
        }
        if (rights.refreshMs() != REFUSED && rights.graceMs() != REFUSED && rights.graceMs() < rights.refreshMs()) {
            section.problemBetween("grace " + ConfigUnits.duration(rights.graceMs())
                + " must not be shorter than refresh " + ConfigUnits.duration(rights.refreshMs()), "grace", "refresh");
        }
        return rights;
    }

    private String jwks(final ConfigSection section) {
        final String jwks = section.text("jwks", null);
        if (jwks == null || !jwks.contains("://")) {
            return path(section, "jwks");
        }
        checkAddress(section, "jwks", jwks, "be the path of a file, or ");
        return jwks;
    }

    /** Never echoes the address: it may contain a password. */
    private static void checkAddress(final ConfigSection section, final String key, final String address,
            final String orElse) {
        try {
            final URI uri = new URI(address);
            if (!"https".equalsIgnoreCase(uri.getScheme()) && !"http".equalsIgnoreCase(uri.getScheme())) {
                section.problem(key, "must " + orElse + "begin with https:// or http://");
            } else if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
                section.problem(key, "must have a host, and neither user:password@ nor #fragment");
            }
        } catch (final URISyntaxException wrong) {
            section.problem(key, "is not an address: " + wrong.getReason() + " at character "
                + (wrong.getIndex() + 1));
        }
    }

    /** Looks next to the configuration file first, then in the working directory. */
    private String path(final ConfigSection section, final String key) {
        final String file = section.path(key, "must be the path of a file");
        if (file == null) {
            return null;
        }
        final Path beside = folder.resolve(file);
        return Files.exists(beside) || !Files.exists(Path.of(file)) ? beside.toString() : file;
    }

    private static Map<String, AuthConfig.Product> products(final ConfigSection root) {
        final ConfigValue written = root.has("products") ? root.written("products") : null;
        if (written != null && !(written instanceof ConfigObject)) {
            root.problem("products", "must be products like " + EXAMPLE + ", got " + SourceText.kind(written));
            return Map.of();
        }
        final ConfigSection section = root.section("products");
        final Map<String, AuthConfig.Product> products = new TreeMap<>();
        for (final String name : section.keys()) {
            if (!PRODUCT.matcher(name).matches()) {
                section.problem(name, "is no name of a product; use 1 to 64 of A-Z a-z 0-9 . _ -");
            }
            products.put(name, product(section.section(name)));
        }
        return Collections.unmodifiableMap(products);
    }

    private static AuthConfig.Product product(final ConfigSection section) {
        final List<String> symbols = section.texts("symbols");
        if (symbols.isEmpty()) {
            section.problem("symbols", "is missing, and a product without symbols grants nothing; list names and "
                + "patterns, or [\"*\"] for all");
        }
        for (final String symbol : symbols) {
            final String problem = SymbolName.problem(symbol);
            if (problem != null) {
                section.problem("symbols", "a symbol is 1 to " + SymbolName.MAX_CHARS
                    + " characters, none of them a control character; " + SourceText.of(symbol) + ' ' + problem);
            }
        }
        return new AuthConfig.Product(section.texts("feeds"), section.texts("channels"), symbols,
            section.flag("display", true));
    }
}
