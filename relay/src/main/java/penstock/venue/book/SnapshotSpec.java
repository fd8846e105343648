package penstock.venue.book;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.SizeKey;
import penstock.text.Address;
import penstock.time.RateSpec;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.spec.SequenceSpec;
import penstock.venue.spec.VenueVariables;

/**
 * The source of order book snapshots for a venue that sends changes only. Immutable.
 *
 * @param procedure     how the snapshot and the changes fit together
 * @param namesPrevious each change carries the number of the change before it, not its own first number
 * @param source        the address that serves snapshots, null = they are asked for on the feed's own connection
 * @param request       the message that asks for them, null = they are fetched over HTTP
 * @param rate          rate limit of the requests, over all connections; of each connection if they are sent on it
 * @param timeoutMs     for the whole response
 * @param maxBytes      maximum size of the response
 */
public record SnapshotSpec(BookProcedure procedure, boolean namesPrevious, Source source, SnapshotRequest request,
        RateSpec rate, long timeoutMs, int maxBytes) {
    /** The keys that say how a snapshot and the changes fit together. */
    public static final KeyTable PROCEDURE_KEYS = ProcedureReader.KEYS;
    /** The keys of the requests. */
    public static final KeyTable KEYS = KeyTable.of("messages.rules[].book.snapshot").include("rate", RateSpec.keys(
        "Requests in any window of `per`, over all connections; with `request` of each connection, beside "
        + "`connection.rate` and `subscribe.rate`. Without `rate`: 2 in 1 s, 500 ms apart.", true))
        .include("answer", SnapshotRequest.ANSWER_KEYS);
    private static final String URL = KEYS.key("url", "template", "`url` or `request`",
        "Address that serves the snapshot; `{symbol}`, `{symbol|upper}`, `{symbol|lower}`.");
    private static final String REQUEST = KEYS.key("request", "template", "`url` or `request`",
        "Instead: the message that asks for the snapshot on the feed's own connection, with `{symbol}` and `{id}`. Its "
        + "answer needs a rule that does not call it data, such as `as = ack`.");
    private static final DurationKey TIMEOUT = KEYS.duration("timeout", 10_000, 100, 300_000,
        "For one answer; with `request` from when it is sent.");
    private static final SizeKey MAX_BODY = KEYS.size("max-body", 8 << 20, 1 << 10, 256 << 20,
        "Largest answer to `url`.");
    private static final Set<String> NAMES = Set.of("symbol");
    private static final RateSpec EVERY_HALF_SECOND = new RateSpec(2, 1_000, 500);

    /**
     * An address that serves snapshots.
     *
     * @param written     the address as the venue file has it; all specs with the same text share one rate limit
     * @param url         the address of one symbol
     * @param environment values of variables and plugins
     */
    public record Source(String written, MessageTemplate url, Function<String, String> environment) {
        /**
         * The address of a symbol's snapshot.
         *
         * @throws IllegalArgumentException if the environment makes it an invalid address
         */
        public URI uri(final String symbol) {
            final String encoded = URLEncoder.encode(symbol, StandardCharsets.UTF_8);
            final String filled =
                url.render(name -> List.of(encoded), environment, VenueVariables.escaped(environment));
            final String problem = problem(filled);
            if (problem != null) {
                throw new IllegalArgumentException("messages.rules.book.snapshot.url: " + problem);
            }
            return URI.create(filled);
        }
    }

    /** {@code sequence} of the same rule may be null; {@code isOfOrders}: the rows of the book are single orders. */
    static SnapshotSpec read(final ConfigSection section, final SequenceSpec sequence, final boolean isOfOrders,
            final VenueVariables variables) {
        final BookProcedure procedure = ProcedureReader.read(section, sequence, isOfOrders);
        if (section.has(REQUEST)) {
            for (final String key : List.of(URL, MAX_BODY.name())) {
                if (section.has(key)) {
                    section.problem(key, "is for snapshots over HTTP, and request asks on the feed's own connection; "
                        + "remove one of them");
                }
            }
        } else if (section.has("answer")) {
            section.problem("answer", "is that of request, which is not set; add request, or remove answer");
        }
        final SnapshotRequest request =
            section.has(REQUEST) ? SnapshotRequest.read(section, REQUEST, variables) : null;
        final RateSpec rate = RateSpec.read(section, "rate", true);
        return new SnapshotSpec(procedure, sequence != null && sequence.rule() == SequenceSpec.Rule.PREV,
            request == null ? source(section, variables) : null, request, rate == null ? EVERY_HALF_SECOND : rate,
            TIMEOUT.readMs(section), request == null ? MAX_BODY.read(section) : 0);
    }

    /** The address or the message as the venue file has it: what has the same text shares one rate limit. */
    public String written() {
        return request == null ? source.written() : request.written();
    }

    private static Source source(final ConfigSection section, final VenueVariables variables) {
        final String address = section.requiredText(URL);
        final MessageTemplate url = variables.template(section, URL, address, NAMES);
        if (!address.isEmpty() && !url.uses("symbol")) {
            section.problem(URL, "must contain {symbol}, {symbol|upper} or {symbol|lower}, got "
                + new Address(address));
        }
        // with the defaults only: a wrong value of a variable shows when a snapshot is fetched
        if (!address.isEmpty() && url.requiredVariables().isEmpty()) {
            final String problem = problem(url.render(name -> List.of("X"), name -> null));
            if (problem != null) {
                section.problem(URL, problem);
            }
        }
        return new Source(address, url, variables.environment());
    }

    private static String problem(final String written) {
        try {
            final URI uri = new URI(written);
            final boolean isHttp = "http".equalsIgnoreCase(uri.getScheme())
                || "https".equalsIgnoreCase(uri.getScheme());
            return isHttp && uri.getHost() != null ? null : "must begin with http:// or https:// and a host, got "
                + new Address(written);
        } catch (URISyntaxException e) {
            // the message would repeat the address
            return "is not an address: " + e.getReason() + " at character " + (e.getIndex() + 1) + " of "
                + new Address(written);
        }
    }
}
