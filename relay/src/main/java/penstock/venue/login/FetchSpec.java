package penstock.venue.login;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.SizeKey;
import penstock.text.Address;
import penstock.time.RateSpec;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.RequestHeaders;
import penstock.venue.spec.RequestMethod;
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
    /** The keys of {@code fetch.NAME}. */
    static final KeyTable KEYS = KeyTable.of("fetch.NAME").include("rate", RateSpec.keys(
        "Requests in any window of `per`, over all connections. Without `rate`: 10 in 10 s.", false));
    private static final String URL = KEYS.key("url", "template", KeyTable.REQUIRED,
        "Address, `http://` or `https://`; `{nowMs}`. Redirects are not followed.");
    private static final ChoiceKey<RequestMethod> METHOD =
        KEYS.choice("method", RequestMethod.class, "`post` with `body`, else `get`", "How it is asked for.");
    private static final String HEADERS = KEYS.key("headers", "map of templates", "`{}`", "Headers, `{nowMs}`.");
    private static final String BODY = KEYS.key("body", "template", KeyTable.NONE,
        "Body, `{nowMs}`: JSON if it begins like JSON, else a form, unless the headers have a `Content-Type`.");
    private static final String VALUES = KEYS.key("values", "map of expressions", KeyTable.REQUIRED,
        "Where the answer has each value.");
    private static final DurationKey EXPIRES = KEYS.duration("expires", 0, 0, 2_592_000_000L,
        "Age at which the answer is fetched again; 0: for each login. The connections of a feed share it. It is "
        + "also fetched again after a login from which no data came.");
    private static final String EXPIRES_IN = KEYS.key("expires-in", "expression", KeyTable.NONE,
        "Where the answer has its life in seconds; the shorter of the two counts.");
    private static final DurationKey TIMEOUT = KEYS.duration("timeout", 10_000, 100, 300_000, "For the whole answer.");
    private static final SizeKey MAX_BODY = KEYS.size("max-body", 1 << 20, 1 << 10, 256 << 20, "Largest answer.");
    private static final Set<String> NOW = Set.of("nowMs");
    /** A venue that refuses each login must not be asked for a token more often. */
    private static final RateSpec DEFAULT_RATE = new RateSpec(10, 10_000, 0);

    /**
     * The request.
     *
     * @param headers by name
     * @param body    null = none
     */
    record Template(RequestMethod method, MessageTemplate url, Map<String, MessageTemplate> headers,
            MessageTemplate body) {
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
        final String address = section.requiredText(URL);
        final boolean isHttp = address.startsWith("http://") || address.startsWith("https://");
        if (!address.isEmpty() && !isHttp && !address.startsWith("{") && !address.startsWith("${")) {
            section.problem(URL, "must begin with http:// or https://, got " + new Address(address));
        }
        final MessageTemplate url = variables.innerTemplate(section, URL, address, NOW);
        final MessageTemplate body = section.has(BODY)
            ? variables.innerTemplate(section, BODY, section.text(BODY, ""), NOW) : null;
        final RequestMethod method = METHOD.read(section, body == null ? RequestMethod.GET : RequestMethod.POST);
        if (body != null && method == RequestMethod.GET) {
            section.problem(BODY, "is for method = post; remove one of them");
        }
        final Map<String, String> values = section.textMap(VALUES);
        values.forEach((name, at) -> check(section.section(VALUES), name, at));
        if (values.isEmpty()) {
            section.problem(VALUES, "are missing; add: values { token = \"$/data/token\" }");
        }
        final String lifeAt = section.text(EXPIRES_IN, null);
        if (lifeAt != null) {
            check(section, EXPIRES_IN, lifeAt);
        }
        final RateSpec rate = RateSpec.read(section, "rate", false);
        return new FetchSpec(new Template(method, url, headers(section, variables), body), Map.copyOf(values),
            new Expiry(EXPIRES.readMs(section), lifeAt), rate == null ? DEFAULT_RATE : rate,
            new Limits(TIMEOUT.readMs(section), MAX_BODY.read(section)));
    }

    private static Map<String, MessageTemplate> headers(final ConfigSection section, final VenueVariables variables) {
        final Map<String, MessageTemplate> headers = new HashMap<>();
        section.textMap(HEADERS).forEach((name, value) -> {
            try {
                RequestHeaders.check(Map.of(name, ""));
            } catch (final IllegalArgumentException e) {
                section.problem(HEADERS, e.getMessage().replaceFirst("^headers: ", ""));
            }
            headers.put(name, variables.innerTemplate(section, HEADERS, value, NOW));
        });
        return headers;
    }

    private static void check(final ConfigSection section, final String key, final String at) {
        section.compiled(key, () -> Expression.compile(at, new PointerBindings()));
    }
}
