package penstock.text;

import java.util.Collection;
import java.util.Locale;

/** Finds the known name that a mistyped one was most likely meant to be. Stateless. */
public final class Suggestion {
    /** A longer name is no typing mistake, and comparing it would be expensive. */
    private static final int MAX_NAME_CHARS = 64;

    private Suggestion() {
    }

    /** The end of an error message: the nearest known name, or all of them if none is near. */
    public static String remedy(final String name, final Collection<String> known) {
        final String nearest = nearest(name, known);
        if (nearest != null) {
            return "did you mean " + nearest + "?";
        }
        return known.isEmpty() ? "nothing may be written here" : "known here: " + String.join(", ", known);
    }

    /**
     * The known name with the fewest edits to {@code name}; null if it takes more than 2 edits and more than a third of
     * its letters.
     */
    private static String nearest(final String name, final Collection<String> known) {
        if (name.length() > MAX_NAME_CHARS) {
            return null;
        }
        String nearest = null;
        int fewest = Integer.MAX_VALUE;
        for (final String candidate : known) {
            final int edits = edits(normalized(name), normalized(candidate));
            if (edits < fewest) {
                fewest = edits;
                nearest = candidate;
            }
        }
        return fewest <= Math.max(2, name.length() / 3) ? nearest : null;
    }

    /** {@code ioThreads}, {@code io_threads} and {@code io-threads} count as one spelling. */
    private static String normalized(final String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn {@code a} into {@code b}. */
    private static int edits(final String a, final String b) {
        final int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, i, j, a, b);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(final int[][] cost, final int i, final int j, final String a, final String b) {
        final int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        final int fewest = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        final boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(fewest, cost[i - 2][j - 2] + 1) : fewest;
    }
}
