package penstock.config;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Collects problems, so that one start reports every mistake. Owned by the thread that reads the configuration. */
public final class Problems {
    private record Found(SourceLocation place, Problem problem) {
        String file() {
            return place.file();
        }

        int line() {
            return place.line();
        }
    }

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\x{2028}\\x{2029}]+");

    private final List<Found> found = new ArrayList<>();
    private final List<Runnable> checks = new ArrayList<>();

    /** Adds a problem of the value at {@code where}. */
    public void add(final ConfigOrigin where, final String path, final String message) {
        final SourceLocation place = SourceLocation.of(where);
        found.add(new Found(place, new Problem(oneLine(place.toString()), oneLine(path), oneLine(message))));
    }

    /** True if there are no problems. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** All problems: by file in reading order, then by line. */
    public List<Problem> all() {
        final List<String> files = found.stream().map(Found::file).distinct().toList();
        return found.stream()
            .sorted(Comparator.comparingInt((Found f) -> files.indexOf(f.file())).thenComparingInt(Found::line))
            .map(Found::problem)
            .toList();
    }

    /** Runs {@code check}, which may add problems, when everything is read. */
    public void atEnd(final Runnable check) {
        checks.add(check);
    }

    /** Everything is read: throws if there are problems. */
    public void throwIfAny() {
        checks.forEach(Runnable::run);
        checks.clear();
        if (!isEmpty()) {
            throw new ConfigException(all());
        }
    }

    /** A value may contain anything; a problem stays on one line. */
    private static String oneLine(final String text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }
}
