package penstock.venue.spec;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.NameList;

/**
 * The venue's list of instruments, served over HTTP. Immutable.
 *
 * @param url         the address
 * @param environment values of variables
 * @param names       where the answer has the symbols, as {@link NameList} reads it
 * @param refreshMs   age at which the list is fetched again
 * @param timeoutMs   for the whole answer
 * @param maxBytes    maximum size of the answer
 */
public record InstrumentsSpec(MessageTemplate url, Function<String, String> environment, String names, long refreshMs,
        long timeoutMs, int maxBytes) {
    private static final long HOUR_MS = 3_600_000;
    private static final int MAX_BYTES = 16 << 20;

    /** Null if the file has no such list. */
    public static InstrumentsSpec read(final ConfigSection root, final VenueVariables variables) {
        if (!root.has("instruments")) {
            return null;
        }
        final ConfigSection section = root.section("instruments");
        final String address = section.requiredText("url");
        final MessageTemplate url = variables.template(section, "url", address, Set.of());
        final String names = section.requiredText("names");
        if (!names.isEmpty()) {
            section.compiled("names", () -> NameList.compile(names));
        }
        return new InstrumentsSpec(url, variables.environment(), names,
            section.durationMs("refresh", HOUR_MS, 1_000, 24 * HOUR_MS),
            section.durationMs("timeout", 30_000, 100, 300_000),
            (int) section.bytes("max-body", MAX_BYTES, 1_024, 256 << 20));
    }

    /**
     * The address with the values of variables.
     *
     * @throws IllegalArgumentException if the environment makes it an invalid address
     */
    public URI uri() {
        return URI.create(url.render(name -> List.of(), environment));
    }

    /** The symbols of an answer, none if it has no such list. Any thread; a large answer takes a while. */
    public Set<String> read(final byte[] body) {
        final List<String> found = NameList.compile(names).read(body, 0, body.length);
        return found == null ? Set.of() : new HashSet<>(found);
    }
}
