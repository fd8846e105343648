package penstock.usage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import penstock.testkit.ParsedJson;
import penstock.usage.ledger.Chain;
import penstock.usage.ledger.LedgerCheck;
import penstock.usage.ledger.LedgerDisk;
import penstock.usage.ledger.LedgerFiles;

/** A relay's ledger, driven by the test's thread and clock. One thread. */
final class LedgerRig {
    static final UsageSettings SETTINGS = new UsageSettings(60_000, 1_000, 1_000);

    final HandClock clock;
    final List<UsageRecorder> recorders = new ArrayList<>();
    private final Path directory;
    private final LedgerDisk disk;
    private final UsageSettings settings;
    private final ConcurrentSessions sessions = new ConcurrentSessions();
    private LedgerWriter writer;
    private EntitlementJournal journal;

    LedgerRig(final Path directory, final HandClock clock) {
        this(directory, clock, LedgerDisk.LOCAL, SETTINGS);
    }

    LedgerRig(final Path directory, final HandClock clock, final LedgerDisk disk, final UsageSettings settings) {
        this.directory = directory;
        this.clock = clock;
        this.disk = disk;
        this.settings = settings;
    }

    LedgerRig start() {
        try {
            writer = new LedgerWriter(directory, disk, settings, clock);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        journal = new EntitlementJournal(writer.active());
        return this;
    }

    EntitlementJournal journal() {
        return journal;
    }

    LedgerWriter writer() {
        return writer;
    }

    UsageRecorder recorder() {
        final UsageRecorder recorder = new UsageRecorder(settings, sessions);
        recorders.add(recorder);
        return recorder;
    }

    /** All io threads hand over, then the writer writes. */
    void interval() throws IOException {
        recorders.forEach(recorder -> recorder.handOver(clock.millis(), Integer.MAX_VALUE));
        write();
    }

    void write() throws IOException {
        writer.collect(recorders, journal);
        writer.write();
    }

    void stop() throws IOException {
        writer.collect(recorders, journal);
        writer.writeLast();
        writer.close();
    }

    int openSessions() {
        return sessions.size();
    }

    static Licence of(final String principal, final String product) {
        return new Licence(principal, product, true);
    }

    static LedgerCheck check(final Path directory) throws IOException {
        return LedgerCheck.of(directory, Chain.START, null);
    }

    /** The records of a type in a month. */
    static List<Map<?, ?>> records(final Path directory, final String month, final String type) throws IOException {
        final List<Map<?, ?>> records = new ArrayList<>();
        for (final String line : Files.readAllLines(LedgerFiles.of(directory, YearMonth.parse(month)))) {
            final Map<?, ?> record = ParsedJson.object(ParsedJson.values(line));
            if (type.equals(record.get("type"))) {
                records.add(record);
            }
        }
        return records;
    }

    /** The sum of the updates of a month. */
    static long updates(final Path directory, final String month) throws IOException {
        return records(directory, month, "use").stream().mapToLong(use -> (Long) use.get("updates")).sum();
    }
}
