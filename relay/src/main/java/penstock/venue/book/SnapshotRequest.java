package penstock.venue.book;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.VenueVariables;

/**
 * A message that asks for the snapshot of a book on the feed's own connection, and how to find its answer among the
 * messages that are not data. Not for the hot path. Owned by the feed thread.
 *
 * @param written     the message as the venue file has it; all specs with the same text share one rate limit
 * @param message     the message for one symbol
 * @param answer      recognises its answer
 * @param environment values of variables and plugins
 */
public record SnapshotRequest(String written, MessageTemplate message, Answer answer,
        Function<String, String> environment) {
    /** The keys of {@code answer}. */
    static final KeyTable ANSWER_KEYS = KeyTable.of("");
    private static final String MATCH = ANSWER_KEYS.key("match", "conditions", "required with `request`",
        "A message that answers a `request`.");
    private static final String OK = ANSWER_KEYS.key("ok", "conditions", KeyTable.NONE,
        "Must hold too, or the answer is a refusal; the request is repeated like one without an answer.");
    private static final String CORRELATE = ANSWER_KEYS.key("correlate", "expression", "`correlate` or `key`",
        "Where the answer repeats the `{id}` of its request.");
    private static final String KEY =
        ANSWER_KEYS.key("key", "expression or list of expressions", "`correlate` or `key`",
        "Instead: the symbol that the answer is about, as in the `key` of a rule; in a list the first present one "
        + "counts.");
    private static final String ANSWER = "answer";
    private static final String NOW_MS = "nowMs";
    private static final Set<String> NAMES = Set.of("symbol", "id", NOW_MS);

    /**
     * The answer to a request; {@code id} is null, or {@code symbols} is empty.
     *
     * @param match  a message that answers a request
     * @param ok     must hold too, or the message is a refusal; null = each answer has a snapshot
     * @param id     expression: where the answer repeats the id of the request
     * @param symbols expressions: the symbol that the answer is about, as the venue spells it; the first present counts
     */
    public record Answer(MessageMatch match, MessageMatch ok, String id, List<String> symbols) {
        /** Whether the message is a snapshot, no matter for which request. */
        public boolean isSnapshot(final byte[] frame, final int offset, final int length) {
            return match.matches(frame, offset, length) && (ok == null || ok.matches(frame, offset, length));
        }

        /** Whether the message answers the request with that id, for that symbol. */
        public boolean isOf(final String requestId, final String requested, final byte[] frame, final int offset,
                final int length) {
            return match.matches(frame, offset, length) && (id != null
                ? requestId.equals(MessageMatch.text(id, frame, offset, length))
                : symbols.stream().map(symbol -> MessageMatch.text(symbol, frame, offset, length))
                    .filter(Objects::nonNull).findFirst().filter(requested::equals).isPresent());
        }
    }

    static SnapshotRequest read(final ConfigSection section, final String key, final VenueVariables variables) {
        final String written = section.requiredText(key);
        final MessageTemplate message = variables.template(section, key, written, NAMES);
        if (!written.isEmpty() && !message.uses("symbol")) {
            section.problem(key, "must contain {symbol}, {symbol|upper} or {symbol|lower}");
        }
        final boolean hasAnswer = section.has(ANSWER);
        if (!hasAnswer) {
            section.problem(ANSWER, "is missing: which message answers the request, like "
                + "{ match { \"$/rep\" = \"*\" }, correlate = \"$/id\" }");
        }
        return new SnapshotRequest(written, message, hasAnswer ? answer(section.section(ANSWER), message) : null,
            variables.environment());
    }

    private static Answer answer(final ConfigSection section, final MessageTemplate request) {
        final boolean hasId = section.has(CORRELATE);
        if (hasId && section.has(KEY)) {
            section.problem(KEY, "finds the request by its symbol, and correlate by its id; remove one of them");
        }
        if (hasId && !request.uses("id")) {
            section.problem(CORRELATE, "is the id of a request, and request has no {id}; add it, or use key");
        }
        final MessageMatch ok = section.has(OK) ? MessageMatch.read(section, OK) : null;
        final List<String> places = section.textOrTexts(hasId ? CORRELATE : KEY);
        if (places.isEmpty()) {
            section.problem(KEY, "is missing: where the answer has its symbol; or correlate, where it repeats the "
                + "{id}");
        }
        // for the check: they are compiled for each answer, of which there are few
        places.forEach(place -> section.compiled(hasId ? CORRELATE : KEY,
            () -> Expression.compile(place, new PointerBindings())));
        return new Answer(MessageMatch.read(section, MATCH), ok, hasId ? places.get(0) : null,
            hasId ? List.of() : places);
    }

    /**
     * The message.
     *
     * @throws IllegalStateException that names an environment variable that is not set
     */
    public String text(final String symbol, final long id, final long nowMs) {
        return message.render(name -> List.of(switch (name) {
            case "id" -> Long.toString(id);
            case NOW_MS -> Long.toString(nowMs);
            default -> symbol;
        }), environment);
    }
}
