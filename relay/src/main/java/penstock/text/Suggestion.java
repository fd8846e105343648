package penstock.text;

import java.util.Collection;
import java.util.Locale;

/** Finds the known key that a mistyped one was meant to be. Stateless. */
public final class Suggestion {
    private Suggestion() {
    }

    /**
     * The known name with the least edits to {@code name}, null when they are more than two and more than a third of
     * its letters.
     */
    static String of(final String name, final Collection<String> known) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (final String candidate : known) {
            final int edits = edits(plain(name), plain(candidate));
            if (edits < least) {
                least = edits;
                nearest = candidate;
            }
        }
        return least <= Math.max(2, name.length() / 3) ? nearest : null;
    }

    /** The end of a refusal: the nearest known name, or all of them. */
    public static String remedy(final String name, final Collection<String> known) {
        final String nearest = of(name, known);
        if (nearest != null) {
            return "did you mean " + nearest + "?";
        }
        return known.isEmpty() ? "nothing may be written here" : "known here: " + String.join(", ", known);
    }

    /** {@code ioThreads}, {@code io_threads} and {@code io-threads} are one spelling for this purpose. */
    private static String plain(final String name) {
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
        final int least = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        final boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
