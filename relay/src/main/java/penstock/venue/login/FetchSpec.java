package penstock.venue.login;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import penstock.config.ConfigSection;
import penstock.time.RateSpec;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.RequestHeaders;
import penstock.venue.spec.VenueVariables;

/**
 * A request before the login, whose answer has values: a token, an address. Immutable.
 *
 * @param request what is sent
 * @param values  where the answer has each value, by its name
 * @param expiry  how long an answer may be used
 * @param rate    limit of the requests, over all connections
 * @param limits  of one answer
 */
record FetchSpec(Template request, Map<String, String> values, Expiry expiry, RateSpec rate, Limits limits) {
    private static final Set<String> NOW = Set.of("nowMs");
    private static final long DAY_MS = 24 * 3_600_000L;
    /** A venue that refuses each login must not be asked for a token more often. */
    private static final RateSpec DEFAULT_RATE = new RateSpec(10, 10_000, 0);

    /** How it is sent. */
    enum Method { GET, POST }

    /**
     * The request.
     *
     * @param headers by name
     * @param body    null = none
     */
    record Template(Method method, MessageTemplate url, Map<String, MessageTemplate> headers, MessageTemplate body) {
        /** The values of the login that the request needs. */
        Set<String> loginValues() {
            final Set<String> all = new TreeSet<>(url.loginValues());
            headers.values().forEach(header -> all.addAll(header.loginValues()));
            if (body != null) {
                all.addAll(body.loginValues());
            }
            return all;
        }
    }

    /**
     * How long an answer may be used.
     *
     * @param afterMs age at which it is fetched again, 0 = for each login
     * @param at      where the answer has its life in seconds, null = nowhere
     */
    record Expiry(long afterMs, String at) {
    }

    /**
     * Limits of one answer.
     *
     * @param timeoutMs for the whole answer
     */
    record Limits(long timeoutMs, int maxBytes) {
    }

    /** All of the file, by their names. */
    static Map<String, FetchSpec> readAll(final ConfigSection root, final VenueVariables variables) {
        final Map<String, FetchSpec> all = new LinkedHashMap<>();
        final ConfigSection section = root.section("fetch");
        for (final String name : section.keys()) {
            if (!name.matches("[A-Za-z][A-Za-z0-9_-]*")) {
                section.problem(name, "must be a name of letters, digits, '-' and '_'");
            }
            all.put(name, read(section.section(name), variables));
        }
        return all;
    }

    private static FetchSpec read(final ConfigSection section, final VenueVariables variables) {
        final String address = section.requiredText("url");
        final boolean isHttp = address.startsWith("http://") || address.startsWith("https://");
        if (!address.isEmpty() && !isHttp && !address.startsWith("{") && !address.startsWith("${")) {
            section.problem("url", "must begin with http:// or https://");
        }
        final MessageTemplate url = variables.innerTemplate(section, "url", address, NOW);
        final MessageTemplate body = section.has("body")
            ? variables.innerTemplate(section, "body", section.text("body", ""), NOW) : null;
        final Method method = section.choice("method", body == null ? Method.GET : Method.POST, Method.class);
        if (body != null && method == Method.GET) {
            section.problem("body", "is for method = post; remove one of them");
        }
        final Map<String, String> values = section.textMap("values");
        values.forEach((name, at) -> check(section.section("values"), name, at));
        if (values.isEmpty()) {
            section.problem("values", "are missing; add: values { token = \"$/data/token\" }");
        }
        final String lifeAt = section.text("expires-in", null);
        if (lifeAt != null) {
            check(section, "expires-in", lifeAt);
        }
        final RateSpec rate = RateSpec.read(section, "rate", false);
        return new FetchSpec(new Template(method, url, headers(section, variables), body), Map.copyOf(values),
            new Expiry(section.durationMs("expires", 0, 0, 30 * DAY_MS), lifeAt), rate == null ? DEFAULT_RATE : rate,
            new Limits(section.durationMs("timeout", 10_000, 100, 300_000),
                (int) section.bytes("max-body", 1 << 20, 1_024, 256 << 20)));
    }

    private static Map<String, MessageTemplate> headers(final ConfigSection section, final VenueVariables variables) {
        final Map<String, MessageTemplate> headers = new HashMap<>();
        section.textMap("headers").forEach((name, value) -> {
            section.compiled("headers", () -> {
                RequestHeaders.check(Map.of(name, ""));
                return name;
            });
            headers.put(name, variables.innerTemplate(section, "headers", value, NOW));
        });
        return headers;
    }

    private static void check(final ConfigSection section, final String key, final String at) {
        section.compiled(key, () -> Expression.compile(at, new PointerBindings()));
    }
}
