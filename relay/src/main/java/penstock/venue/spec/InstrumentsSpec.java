package penstock.venue.spec;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.SizeKey;
import penstock.venue.rule.FilterParser;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.NameList;

/**
 * The venue's list of instruments, served over HTTP, at one address or in parts at several. Immutable.
 *
 * @param urls        the addresses
 * @param environment values of variables
 * @param names       what an answer lists
 * @param limits      of the requests
 */
public record InstrumentsSpec(List<MessageTemplate> urls, Function<String, String> environment, Names names,
        Limits limits) {
    /** The keys of {@code instruments}. */
    public static final KeyTable KEYS = KeyTable.of("instruments");
    private static final String URL = KEYS.key("url", "template or list of templates", "required with `instruments`",
        "Address, `http://` or `https://`. Several have parts of the list; it is complete once each has answered.");
    private static final String NAMES = KEYS.key("names", "pointer", "required with `instruments`",
        "Where an answer has the symbols, as the venue spells them; the star stands for the elements of an array "
        + "or the values of an object; filters apply to each name.");
    private static final String OK = KEYS.key("ok", "conditions", KeyTable.NONE,
        "Must hold, or an answer is no list, like an object that says what is wrong.");
    private static final String COVERS = KEYS.key("covers", "regular expression", "all symbols",
        "Only symbols that match as a whole must be listed: the venue has others on lists of their own.");
    private static final DurationKey REFRESH = KEYS.duration("refresh", 3_600_000, 1_000, 86_400_000,
        "Age at which the list is fetched again. A symbol that is new at the venue is `closed` until then.");
    private static final DurationKey TIMEOUT = KEYS.duration("timeout", 30_000, 100, 300_000, "For the whole answer.");
    private static final SizeKey MAX_BODY = KEYS.size("max-body", 16 << 20, 1 << 10, 256 << 20, "Largest answer.");

    /**
     * What an answer lists.
     *
     * @param written where the answer has the symbols, as {@link NameList} reads it
     * @param ok      what holds for an answer that is a list, null = anything
     * @param covers  symbols that exist only if they are listed, null = all
     * @param place   the place of {@code written} in the venue file, for messages
     */
    public record Names(String written, MessageMatch ok, Pattern covers, String place) {
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
        final List<MessageTemplate> urls =
            addresses.stream().map(address -> variables.template(section, URL, address, Set.of())).toList();
        final String names = section.requiredText(NAMES);
        if (!names.isEmpty()) {
            section.compiled(NAMES, () -> NameList.compile(names));
        }
        final MessageMatch ok = section.has(OK) ? MessageMatch.read(section, OK) : null;
        final String covers = section.text(COVERS, null);
        final Pattern covered =
            covers == null ? null : section.compiled(COVERS, () -> FilterParser.pattern(covers));
        return new InstrumentsSpec(urls, variables.environment(), new Names(names, ok, covered, section.place(NAMES)),
            new Limits(REFRESH.readMs(section), TIMEOUT.readMs(section), MAX_BODY.read(section)));
    }

    /**
     * An address with the values of variables.
     *
     * @throws IllegalArgumentException if the environment makes it an invalid address
     */
    public URI uri(final int number) {
        return URI.create(urls.get(number).render(name -> List.of(), environment,
            VenueVariables.escaped(environment)));
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
        return found == null ? null : new HashSet<>(found);
    }
}
