package penstock.bench.release.run;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version by the rules of semver.org, without build metadata: folders and tags are named after it. Stateless.
 *
 * @param text as it was written
 */
public record ReleaseVersion(String text) implements Comparable<ReleaseVersion> {
    private static final String NUMBER = "(?:0|[1-9]\\d*)";
    private static final String PART = "(?:" + NUMBER + "|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern FORM = Pattern.compile(
        "(" + NUMBER + ")\\.(" + NUMBER + ")\\.(" + NUMBER + ")(?:-(" + PART + "(?:\\." + PART + ")*))?");

    public ReleaseVersion {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text
                + "' is no version: three numbers, as in 1.4.0, or 1.4.0-rc.1 before it");
        }
    }

    public static Optional<ReleaseVersion> parse(final String text) {
        return FORM.matcher(text).matches() ? Optional.of(new ReleaseVersion(text)) : Optional.empty();
    }

    @Override
    public int compareTo(final ReleaseVersion other) {
        final Matcher mine = matcher();
        final Matcher its = other.matcher();
        for (int i = 1; i <= 3; i++) {
            final int order = new BigInteger(mine.group(i)).compareTo(new BigInteger(its.group(i)));
            if (order != 0) {
                return order;
            }
        }
        if (mine.group(4) == null || its.group(4) == null) {
            // 1.0.0-rc.1 comes before 1.0.0
            return Boolean.compare(mine.group(4) == null, its.group(4) == null);
        }
        return compareParts(mine.group(4).split("\\."), its.group(4).split("\\."));
    }

    @Override
    public String toString() {
        return text;
    }

    private Matcher matcher() {
        final Matcher matcher = FORM.matcher(text);
        matcher.matches();
        return matcher;
    }

    private static int compareParts(final String[] mine, final String[] its) {
        for (int i = 0; i < Math.min(mine.length, its.length); i++) {
            final boolean isNumber = isNumber(mine[i]);
            final int order;
            if (isNumber && isNumber(its[i])) {
                order = new BigInteger(mine[i]).compareTo(new BigInteger(its[i]));
            } else if (isNumber != isNumber(its[i])) {
                order = isNumber ? -1 : 1;
            } else {
                order = mine[i].compareTo(its[i]);
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(mine.length, its.length);
    }

    private static boolean isNumber(final String part) {
        return part.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }
}
