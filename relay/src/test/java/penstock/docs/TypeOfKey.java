package penstock.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The type of a configuration key as pages write it, taken from what a reader says of a wrong value. Stateless. */
final class TypeOfKey {
    private static final Pattern NUMBER = Pattern.compile("must be a whole number from (\\S+) to (\\S+),");
    private static final Pattern DURATION = Pattern.compile("must be a duration like .*?, from (\\S+) to (\\S+),");
    private static final Pattern SIZE = Pattern.compile("must be a size like .*?, from (\\S+) to (\\S+),");
    private static final Pattern CHOICE = Pattern.compile("must be one of (.*?), got");

    private TypeOfKey() {
    }

    /** Empty when the complaint shows no type. */
    static String of(final String complaint, final String key) {
        final String own = complaint.lines().filter(line -> line.contains(": " + key + ": ")).findFirst().orElse("");
        if (own.contains("must be true or false")) {
            return "true or false";
        }
        if (own.contains("must be a list of strings")) {
            return "list of texts";
        }
        if (own.contains("must be products like")) {
            return "map of products";
        }
        if (own.contains("must be feeds like")) {
            return "map of feeds";
        }
        if (own.contains("must be channels like")) {
            return "map of channels";
        }
        if (own.contains("must be an object like")) {
            return "map of texts";
        }
        if (own.contains("must be text")) {
            return "text";
        }
        return range("whole number, ", NUMBER, own) + range("duration, ", DURATION, own) + range("size, ", SIZE, own)
            + choice(own);
    }

    private static String range(final String name, final Pattern pattern, final String complaint) {
        final Matcher matcher = pattern.matcher(complaint);
        return matcher.find() ? name + matcher.group(1) + " to " + matcher.group(2) : "";
    }

    private static String choice(final String complaint) {
        final Matcher matcher = CHOICE.matcher(complaint);
        return matcher.find() ? "one of " + matcher.group(1) : "";
    }
}
