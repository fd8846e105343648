package penstock.bench.release;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import penstock.bench.release.run.ReleaseVersion;

/** Turns the page of changes at a release. Stateless. */
final class Changelog {
    private static final String UNRELEASED = "## Unreleased";
    private static final String MEASURED = "Measured: ";

    private Changelog() {
    }

    /**
     * What stands under Unreleased, or already under the version, becomes the version's, with date and a line of
     * figures at its end; above it an empty Unreleased. Done again for the same version it replaces date and figures.
     */
    static String released(final String page, final ReleaseVersion version, final String date, final String figures) {
        final List<String> lines = new ArrayList<>(page.lines().toList());
        final boolean isAgain = lines.stream().anyMatch(line -> isHeading(line, version));
        final int heading =
            indexOf(lines, isAgain ? line -> isHeading(line, version) : line -> line.strip().equals(UNRELEASED));
        if (heading < 0) {
            throw new IllegalArgumentException("CHANGELOG.md has neither '" + UNRELEASED + "' nor '## " + version
                + "'; write under the first what is new, for people who upgrade");
        }
        int end = next(lines, heading);
        if (lines.subList(heading + 1, end).stream().allMatch(String::isBlank)) {
            throw new IllegalArgumentException("CHANGELOG.md has nothing under '" + lines.get(heading)
                + "'; write there what is new, for people who upgrade");
        }
        lines.set(heading, "## " + version + " (" + date + ")");
        for (int i = end - 1; i > heading; i--) {
            if (lines.get(i).startsWith(MEASURED)) {
                lines.remove(i);
                end--;
            }
        }
        while (lines.get(end - 1).isBlank()) {
            lines.remove(--end);
        }
        lines.addAll(end, end == lines.size() ? List.of("", MEASURED + figures) : List.of("", MEASURED + figures, ""));
        if (lines.stream().noneMatch(line -> line.strip().equals(UNRELEASED))) {
            lines.addAll(heading, List.of(UNRELEASED, ""));
        } else if (!isAgain) {
            throw new IllegalArgumentException("CHANGELOG.md has two parts '" + UNRELEASED + "'; make them one");
        }
        return String.join("\n", lines) + "\n";
    }

    private static boolean isHeading(final String line, final ReleaseVersion version) {
        final String[] words = line.strip().split("\\s+", 3);
        return words.length > 1 && words[0].equals("##") && words[1].equals(version.text());
    }

    /** The next heading of a version, or the end. */
    private static int next(final List<String> lines, final int heading) {
        int next = heading + 1;
        while (next < lines.size() && !lines.get(next).startsWith("## ")) {
            next++;
        }
        return next;
    }

    private static int indexOf(final List<String> lines, final Predicate<String> test) {
        for (int i = 0; i < lines.size(); i++) {
            if (test.test(lines.get(i))) {
                return i;
            }
        }
        return -1;
    }
}
