package penstock.usage.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a ledger: one per month of UTC, {@code usage-2026-11.jsonl}. Stateless. */
public final class LedgerFiles {
    private static final Pattern NAME = Pattern.compile("usage-(\\d{4}-(?:0[1-9]|1[0-2]))\\.jsonl");

    private LedgerFiles() {
    }

    /** The file of a month. */
    public static Path of(final Path directory, final YearMonth month) {
        return directory.resolve("usage-" + month + ".jsonl");
    }

    /**
     * The months that have a file, oldest first.
     *
     * @throws IOException if the directory cannot be read
     */
    public static NavigableMap<YearMonth, Path> in(final Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + ": no such directory");
        }
        final NavigableMap<YearMonth, Path> months = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (final Path file : files.toList()) {
                final Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    months.put(YearMonth.parse(name.group(1)), file);
                }
            }
        }
        return months;
    }
}
