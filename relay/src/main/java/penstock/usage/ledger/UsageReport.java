package penstock.usage.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The units of a month, as comma-separated values. Owned by one thread. */
public final class UsageReport {
    /** What the ledger calls devices beyond its bound, in the report. */
    public static final String OTHERS = "(others)";

    private static final String NONE = "";

    /** What counts as one. */
    public enum Unit {
        /** A principal. */
        USER,
        /** A device of a principal. */
        DEVICE
    }

    /** What makes it count. */
    public enum Basis {
        /** It was entitled at any time of the month. */
        ENABLED,
        /** It received an update or an image. */
        ACCESSED
    }

    /** A line of the report; {@code device} is empty of users. */
    private record Row(String product, boolean display, String user, String device) implements Comparable<Row> {
        private static final Comparator<Row> ORDER = Comparator.comparing(Row::product)
            .thenComparing(row -> !row.display()).thenComparing(Row::user).thenComparing(Row::device);

        @Override
        public int compareTo(final Row other) {
            return ORDER.compare(this, other);
        }
    }

    /** The sums of a row. */
    private static final class Sums {
        private long mostConcurrent;
        private long updates;
        private long images;
        private String first;
        private String last;

        /** Times of one form: they compare as texts. */
        void add(final LedgerRecord use, final String sessions) {
            mostConcurrent = Math.max(mostConcurrent, use.number(sessions));
            final long newImages = use.number("images");
            if (use.number("updates") + newImages > 0) {
                updates += use.number("updates");
                images += newImages;
                first = first == null || use.text("first").compareTo(first) < 0 ? use.text("first") : first;
                last = last == null || use.text("last").compareTo(last) > 0 ? use.text("last") : last;
            }
        }

        /** Of another relay: at one time there were no more sessions than those of each relay together. */
        void merge(final Sums other) {
            mostConcurrent += other.mostConcurrent;
            updates += other.updates;
            images += other.images;
            if (other.hasData()) {
                first = first == null || other.first.compareTo(first) < 0 ? other.first : first;
                last = last == null || other.last.compareTo(last) > 0 ? other.last : last;
            }
        }

        boolean hasData() {
            return updates + images > 0;
        }
    }

    private final Unit unit;
    private final Basis basis;
    private final String product;
    private final Map<Row, Sums> rows = new TreeMap<>();
    /** Of the ledger that is being read. */
    private final Map<Row, Sums> read = new TreeMap<>();
    private final Set<Row> entitled = new HashSet<>();

    /** {@code product}: the only one to report; null = all. */
    public UsageReport(final Unit unit, final Basis basis, final String product) {
        this.unit = unit;
        this.basis = basis;
        this.product = product;
    }

    /**
     * The report of a month, of one ledger or of those of several relays together.
     *
     * @throws IOException if a ledger has no file of the month, or its chain is broken there, or if two of them are
     *                     copies of one
     */
    public String of(final List<Path> directories, final YearMonth month) throws IOException {
        final Map<String, Path> ends = new HashMap<>();
        if (directories.size() > 1) {
            for (final Path directory : directories) {
                final Path file = file(directory, month);
                final String end = scan(file, month, (number, line, length, hash) -> { }).lastHash();
                final Path same = ends.put(end, file);
                if (same != null) {
                    throw copies(same, file);
                }
            }
        }
        for (final Path directory : directories) {
            final Path file = file(directory, month);
            scan(file, month, (number, line, length, hash) -> {
                final Path other = ends.get(hash);
                if (other != null && !other.equals(file)) {
                    throw copies(other, file);
                }
                add(LedgerRecord.parse(line, length));
            });
            read.forEach((row, sums) -> rows.computeIfAbsent(row, created -> new Sums()).merge(sums));
            read.clear();
        }
        return text(month);
    }

    private static IOException copies(final Path one, final Path other) {
        return new IOException(one + " and " + other + " are copies of one ledger, whose use would count twice");
    }

    private static Path file(final Path directory, final YearMonth month) throws IOException {
        final Path file = LedgerFiles.in(directory).get(month);
        if (file == null) {
            throw new IOException(LedgerFiles.of(directory, month)
                + ": no such file: no relay wrote a ledger here in that month (UTC)");
        }
        return file;
    }

    private static ScannedFile scan(final Path file, final YearMonth month, final LedgerScan.Lines lines)
            throws IOException {
        final ScannedFile scanned = LedgerScan.scan(file, month, null, lines);
        if (scanned.firstBreak() != null) {
            throw new IOException(scanned.firstBreak() + "; relay usage verify checks all files");
        }
        return scanned;
    }

    private void add(final LedgerRecord record) {
        switch (record.type()) {
            case "use" -> addUse(record);
            case "entitled", "activated", "deactivated" -> {
                if (counts(record)) {
                    entitled.add(row(record, NONE));
                }
            }
            default -> {
                return;
            }
        }
    }

    private void addUse(final LedgerRecord use) {
        if (counts(use)) {
            final String device = use.text("device") == null ? OTHERS : use.text("device");
            read.computeIfAbsent(row(use, unit == Unit.DEVICE ? device : NONE), row -> new Sums())
                .add(use, unit == Unit.DEVICE ? "sessions" : "principalSessions");
        }
    }

    private boolean counts(final LedgerRecord record) {
        return product == null || product.equals(record.text("product"));
    }

    private static Row row(final LedgerRecord record, final String device) {
        return new Row(record.text("product"), record.flag("display"), record.text("principal"), device);
    }

    private String text(final YearMonth month) {
        final boolean hasDevices = unit == Unit.DEVICE;
        final Csv csv = new Csv();
        if (hasDevices) {
            csv.line("month", "product", "use", "user", "device", "units", "most_concurrent", "first_use", "last_use",
                "updates", "images");
        } else {
            csv.line("month", "product", "use", "user", "units", "most_concurrent", "first_use", "last_use", "updates",
                "images");
        }
        select().forEach((row, sums) -> {
            final String use = row.display() ? "display" : "non-display";
            if (hasDevices) {
                csv.line(month, row.product(), use, row.user(), row.device(), 1, sums.mostConcurrent, sums.first,
                    sums.last, sums.updates, sums.images);
            } else {
                csv.line(month, row.product(), use, row.user(), 1, sums.mostConcurrent, sums.first, sums.last,
                    sums.updates, sums.images);
            }
        });
        return csv.toString();
    }

    /** Of a user who was entitled and never came, no device is known: one line without a device. */
    private Map<Row, Sums> select() {
        final Map<Row, Sums> selected = new TreeMap<>();
        final Set<Row> seen = new HashSet<>();
        rows.forEach((row, sums) -> {
            final Row user = new Row(row.product(), row.display(), row.user(), NONE);
            if (sums.hasData() || basis == Basis.ENABLED && entitled.contains(user)) {
                selected.put(row, sums);
                seen.add(user);
            }
        });
        if (basis == Basis.ENABLED) {
            entitled.stream().filter(user -> !seen.contains(user)).forEach(user -> selected.put(user, new Sums()));
        }
        return selected;
    }
}
