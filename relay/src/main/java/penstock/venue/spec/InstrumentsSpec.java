package penstock.venue.spec;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.venue.rule.FilterParser;
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
    private static final long HOUR_MS = 3_600_000;
    private static final int MAX_BYTES = 16 << 20;

    /**
     * What an answer lists.
     *
     * @param written where the answer has the symbols, as {@link NameList} reads it
     * @param covers  symbols that exist only if they are listed, null = all
     * @param place   the place of {@code written} in the venue file, for messages
     */
    public record Names(String written, Pattern covers, String place) {
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
        final List<String> addresses = section.textOrTexts("url");
        if (addresses.isEmpty() && !section.has("url")) {
            section.requiredText("url");
        }
        final List<MessageTemplate> urls =
            addresses.stream().map(address -> variables.template(section, "url", address, Set.of())).toList();
        final String names = section.requiredText("names");
        if (!names.isEmpty()) {
            section.compiled("names", () -> NameList.compile(names));
        }
        final String covers = section.text("covers", null);
        final Pattern covered =
            covers == null ? null : section.compiled("covers", () -> FilterParser.pattern(covers));
        return new InstrumentsSpec(urls, variables.environment(), new Names(names, covered, section.place("names")),
            new Limits(section.durationMs("refresh", HOUR_MS, 1_000, 24 * HOUR_MS),
                section.durationMs("timeout", 30_000, 100, 300_000),
                (int) section.bytes("max-body", MAX_BYTES, 1_024, 256 << 20)));
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

    /** The symbols of an answer, null if it has no such list. Any thread; a large answer takes a while. */
    public Set<String> read(final byte[] body) {
        final List<String> found = NameList.compile(names.written()).read(body, 0, body.length);
        return found == null ? null : new HashSet<>(found);
    }
}
