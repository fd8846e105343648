package penstock.venue.spec;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.venue.rule.FilterParser;

/**
 * What a second login with the same credentials does, and how the venue says that one has ended ours. Immutable.
 *
 * @param second what it does
 * @param codes  close codes that say so
 * @param reason found in the reason of a Close frame that says so, null = none does
 */
public record LoginSpec(Second second, Set<Integer> codes, Pattern reason) {
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
        final Second second = section.choice("second-login", Second.ALLOWED, Second.class);
        final ConfigSection evicted = section.section("evicted");
        final Set<Integer> codes = new HashSet<>();
        for (final String code : evicted.texts("codes")) {
            if (code.matches("[1-4][0-9]{3}")) {
                codes.add(Integer.parseInt(code));
            } else {
                evicted.problem("codes", "must be close codes from 1000 to " + MAX_CODE + ", got " + code);
            }
        }
        final String reason = evicted.text("reason", null);
        final Pattern pattern = reason == null ? null : evicted.compiled("reason", () -> FilterParser.pattern(reason));
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
