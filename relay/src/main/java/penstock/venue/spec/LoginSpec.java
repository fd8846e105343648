package penstock.venue.spec;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.venue.rule.FilterParser;

/**
 * What a second login with the same credentials does, and how the venue says that one has ended ours. Immutable.
 *
 * @param second what it does
 * @param codes  close codes that say so
 * @param reason found in the reason of a Close frame that says so, null = none does
 */
public record LoginSpec(Second second, Set<Integer> codes, Pattern reason) {
    /** The keys of {@code connection}. */
    public static final KeyTable KEYS = KeyTable.of("connection");
    private static final ChoiceKey<Second> SECOND_LOGIN = KEYS.choice("second-login", Second.ALLOWED,
        "What a second login with the same credentials does. Unless it is allowed, the relay makes no connection "
        + "beside another: `lifetime` and announced ends cost a reconnect, and `feed.arbitrate` is refused.");
    private static final KeyTable EVICTED = KEYS.section("evicted");
    private static final String CODES = EVICTED.key("codes", "list of texts", "`[]`",
        "Close codes by which the venue says that another login has ended the connection. Messages say so with "
        + "`as = evicted` or `do = evicted`.");
    private static final String REASON = EVICTED.key("reason", "regular expression", KeyTable.NONE,
        "The same, found in the reason of the Close frame.");
    private static final int MAX_CODE = 4_999;

    /** What a second login with the same credentials does. */
    public enum Second {
        /** Nothing: several connections live beside each other. */
        ALLOWED,
        /** It ends the connection that logged in first. */
        EVICTS_OLDEST,
        /** It is refused while the other connection lives. */
        REFUSES_NEWEST
    }

    /** Reads the keys {@code second-login} and {@code evicted}. */
    static LoginSpec read(final ConfigSection section) {
        final Second second = SECOND_LOGIN.read(section);
        final ConfigSection evicted = section.section("evicted");
        final Set<Integer> codes = new HashSet<>();
        for (final String code : evicted.texts(CODES)) {
            if (code.matches("[1-4][0-9]{3}")) {
                codes.add(Integer.parseInt(code));
            } else {
                evicted.problem(CODES, "must be close codes from 1000 to " + MAX_CODE + ", got " + code);
            }
        }
        final String reason = evicted.text(REASON, null);
        final Pattern pattern = reason == null ? null : evicted.compiled(REASON, () -> FilterParser.pattern(reason));
        if (section.has("evicted") && second == Second.ALLOWED) {
            section.problem("evicted", "has no effect: second-login is allowed; add second-login = evicts-oldest");
        }
        return new LoginSpec(second, Set.copyOf(codes), pattern);
    }

    /** Whether two connections may be logged in at the same time. */
    public boolean isSecondAllowed() {
        return second == Second.ALLOWED;
    }

    /** Whether the end of a connection says that another login ended it; {@code words}: the venue's, among others. */
    public boolean isEviction(final int closeCode, final String words) {
        return codes.contains(closeCode) || reason != null && reason.matcher(words).find();
    }
}
