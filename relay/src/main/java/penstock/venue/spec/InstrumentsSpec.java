package penstock.venue.spec;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.SizeKey;
import penstock.venue.rule.FilterParser;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.NameList;
import penstock.venue.symbol.Currencies;

/**
 * The venue's list of instruments, served over HTTP: the answer to one request, or in parts the answers to several.
 * Immutable.
 *
 * @param parts       the requests, in their order
 * @param environment values of variables
 * @param names       what an answer lists
 * @param limits      of the requests
 */
public record InstrumentsSpec(List<Part> parts, Function<String, String> environment, Names names, Limits limits) {
    /** The keys of {@code instruments}. */
    public static final KeyTable KEYS = KeyTable.of("instruments");
    private static final String URL = KEYS.key("url", "template or list of templates", "required with `instruments`",
        "Address, `http://` or `https://`. Several have parts of the list; it is complete once each has answered.");
    private static final ChoiceKey<RequestMethod> METHOD =
        KEYS.choice("method", RequestMethod.class, "`post` with `body`, else `get`", "How it is asked for.");
    private static final String BODY = KEYS.key("body", "template or list of templates", KeyTable.NONE,
        "Body: JSON if it begins like JSON, else a form. Several ask one address for the parts of the list; with as "
        + "many addresses each has its own.");
    private static final String NAMES = KEYS.key("names", "pointer", "required with `instruments`",
        "Where an answer has the symbols, as the venue spells them; the star stands for the elements of an array "
        + "or the values of an object; filters apply to each name.");
    private static final String OK = KEYS.key("ok", "conditions", KeyTable.NONE,
        "Must hold, or an answer is no list, like an object that says what is wrong.");
    private static final String COVERS = KEYS.key("covers", "regular expression", "all symbols",
        "Only symbols that match as a whole must be listed: the venue has others on lists of their own.");
    private static final String CURRENCIES = KEYS.key("currencies", "map of texts", "`{}`",
        "Where the list has other words than symbols: the word of symbols → that of the list, `{ BTC = XBT }`, as in "
        + "`symbols.currencies`.");
    private static final DurationKey REFRESH = KEYS.duration("refresh", 3_600_000, 1_000, 86_400_000,
        "Age at which the list is fetched again. A symbol that is new at the venue is `closed` until then.");
    private static final DurationKey TIMEOUT = KEYS.duration("timeout", 30_000, 100, 300_000, "For the whole answer.");
    private static final SizeKey MAX_BODY = KEYS.size("max-body", 16 << 20, 1 << 10, 256 << 20, "Largest answer.");

    /**
     * One request.
     *
     * @param body null = none
     */
    public record Part(MessageTemplate url, RequestMethod method, MessageTemplate body) {
    }

    /**
     * What an answer lists.
     *
     * @param written where the answer has the symbols, as {@link NameList} reads it
     * @param ok      what holds for an answer that is a list, null = anything
     * @param covers  symbols that exist only if they are listed, null = all
     * @param words   that the list has in place of those of symbols
     * @param place   the place of {@code written} in the venue file, for messages
     */
    public record Names(String written, MessageMatch ok, Pattern covers, Currencies words, String place) {
    }

    /**
     * Limits of the requests.
     *
     * @param refreshMs age at which the list is fetched again
     * @param timeoutMs for the whole answer
     * @param maxBytes  maximum size of one answer
     */
    public record Limits(long refreshMs, long timeoutMs, int maxBytes) {
    }

    /** Null if the file has no such list. */
    public static InstrumentsSpec read(final ConfigSection root, final VenueVariables variables) {
        if (!root.has("instruments")) {
            return null;
        }
        final ConfigSection section = root.section("instruments");
        final List<String> addresses = section.textOrTexts(URL);
        if (addresses.isEmpty() && !section.has(URL)) {
            section.requiredText(URL);
        }
        final List<Part> parts = parts(section, templates(section, URL, addresses, variables),
            templates(section, BODY, section.textOrTexts(BODY), variables));
        final String names = section.requiredText(NAMES);
        if (!names.isEmpty()) {
            section.compiled(NAMES, () -> NameList.compile(names));
        }
        final MessageMatch ok = section.has(OK) ? MessageMatch.read(section, OK) : null;
        final String covers = section.text(COVERS, null);
        final Pattern covered =
            covers == null ? null : section.compiled(COVERS, () -> FilterParser.pattern(covers));
        return new InstrumentsSpec(parts, variables.environment(),
            new Names(names, ok, covered, words(section), section.place(NAMES)),
            new Limits(REFRESH.readMs(section), TIMEOUT.readMs(section), MAX_BODY.read(section)));
    }

    private static Currencies words(final ConfigSection section) {
        final Map<String, String> words = section.textMap(CURRENCIES);
        if (new HashSet<>(words.values()).size() < words.size()) {
            section.problem(CURRENCIES, "has a word of the list twice: each must lead back to one word of symbols");
        }
        return Currencies.of(words);
    }

    private static List<MessageTemplate> templates(final ConfigSection section, final String key,
            final List<String> texts, final VenueVariables variables) {
        return texts.stream().map(text -> variables.template(section, key, text, Set.of())).toList();
    }

    private static List<Part> parts(final ConfigSection section, final List<MessageTemplate> urls,
            final List<MessageTemplate> bodies) {
        final RequestMethod method =
            METHOD.read(section, bodies.isEmpty() ? RequestMethod.GET : RequestMethod.POST);
        if (!bodies.isEmpty() && method == RequestMethod.GET) {
            section.problem(BODY, "is for method = post; remove one of them");
        }
        if (bodies.size() > 1 && urls.size() > 1 && bodies.size() != urls.size()) {
            section.problem(BODY, "must be one, or as many as there are addresses in url (" + urls.size() + "), got "
                + bodies.size());
            return List.of();
        }
        final List<Part> parts = new ArrayList<>();
        for (int i = 0; i < Math.max(urls.size(), bodies.size()) && !urls.isEmpty(); i++) {
            parts.add(new Part(urls.get(urls.size() == 1 ? 0 : i), method,
                bodies.isEmpty() ? null : bodies.get(bodies.size() == 1 ? 0 : i)));
        }
        return parts;
    }

    /** How many requests the whole list takes. */
    public int size() {
        return parts.size();
    }

    /**
     * The address of a request, with the values of variables.
     *
     * @throws IllegalArgumentException if the environment makes it an invalid address
     */
    public URI uri(final int number) {
        return URI.create(parts.get(number).url().render(name -> List.of(), environment,
            VenueVariables.escaped(environment)));
    }

    /** The body of a request, with the values of variables; null for a GET. */
    public String body(final int number) {
        final Part part = parts.get(number);
        return part.method() == RequestMethod.GET ? null
            : part.body() == null ? "" : part.body().render(name -> List.of(), environment);
    }

    /** The type of the body of a request, null without one. */
    public String contentType(final int number) {
        final MessageTemplate body = parts.get(number).body();
        return body == null ? null : body.contentType();
    }

    /** Whether a symbol exists only if it is listed. */
    public boolean covers(final String symbol) {
        return names.covers() == null || names.covers().matcher(symbol).matches();
    }

    /** The symbols of an answer, null if it has no such list. One thread at a time; a large answer takes a while. */
    public Set<String> read(final byte[] body) {
        if (names.ok() != null && !names.ok().matches(body, 0, body.length)) {
            return null;
        }
        final List<String> found = NameList.compile(names.written()).read(body, 0, body.length);
        return found == null ? null : found.stream().map(names.words()::published).collect(Collectors.toSet());
    }
}
