package penstock.usage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.thread.ThreadOwner;
import penstock.usage.UsageBatch.Slot;
import penstock.usage.ledger.LedgerAppender;
import penstock.usage.ledger.LedgerDisk;
import penstock.usage.ledger.LedgerLines;
import penstock.usage.ledger.LedgerRecord;
import penstock.usage.ledger.LedgerRecovery;

/**
 * Writes what waits to the files of the ledger. What waits is forgotten only after its line was written; what the disk
 * refuses waits for the next call. Owned by the thread {@code usage}, which gets it from the one that opens it.
 */
final class LedgerWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);
    /** A disk with little room takes some chunks and refuses the next. */
    private static final int CHUNK_LINES = 256;

    private final ThreadOwner owner = new ThreadOwner();
    private final MonthOfTime months = new MonthOfTime();
    private final Set<Licence> active = new LinkedHashSet<>();
    private final LedgerAppender file;
    private final UsageSettings settings;
    private final Clock clock;
    private final UsageBatch waiting;
    private final DenialRecords denials = new DenialRecords();
    private JournalBatch journal = new JournalBatch();
    private volatile long writtenUpdates;

    /**
     * Opens the ledger of a directory, and records that a relay starts.
     *
     * @throws IOException if that cannot be read or written
     */
    LedgerWriter(final Path directory, final LedgerDisk disk, final UsageSettings settings, final Clock clock)
            throws IOException {
        this.settings = settings;
        this.clock = clock;
        waiting = new UsageBatch(settings.maxKeys());
        final LedgerRecovery found = LedgerRecovery.open(directory, disk, this::onRecord);
        file = found.appender();
        try {
            start(found);
        } catch (final IOException e) {
            file.close();
            throw e;
        }
    }

    /** What is active by the records of the file. */
    Set<Licence> active() {
        return active;
    }

    /** The hash of the last line; any thread. */
    String lastHash() {
        return file.lastHash();
    }

    /** Updates in records that this writer wrote; any thread. */
    long writtenUpdates() {
        return writtenUpdates;
    }

    /** How many records of use wait. */
    int waitingCount() {
        return waiting.tallies().size();
    }

    /** Takes over what was handed over. */
    void collect(final List<UsageRecorder> recorders, final EntitlementJournal from) {
        assert owner.check();
        for (final UsageRecorder recorder : recorders) {
            final UsageBatch batch = recorder.take();
            if (batch != null) {
                waiting.addAll(batch);
            }
        }
        if (journal.isEmpty()) {
            journal = from.take();
        }
    }

    /**
     * Writes the records of an interval: all changes and denials, and the oldest records of use; at the end of a month
     * all of that month.
     *
     * @throws IOException if the disk refuses something, which waits for the next call then
     */
    void write() throws IOException {
        assert owner.check();
        reach(months.of(clock.millis()));
        writeChanges(change -> !months.of(change.atMs()).isAfter(file.month()));
        writeDenials(false);
        writeUse(slot -> !slot.month().isAfter(file.month()), settings.linesPerInterval());
        file.force();
    }

    /**
     * Writes everything that waits, and that the relay stops.
     *
     * @throws IOException if the disk refuses something
     */
    void writeLast() throws IOException {
        assert owner.check();
        reach(months.of(clock.millis()));
        writeChanges(change -> true);
        writeDenials(true);
        writeUse(slot -> true, Integer.MAX_VALUE);
        file.append(file.lines().add(UsageRecords.stop(writtenUpdates, clock.millis())));
        file.force();
    }

    void close() throws IOException {
        file.close();
    }

    private void start(final LedgerRecovery found) throws IOException {
        if (file.month() == null) {
            begin(months.of(clock.millis()));
        }
        final LedgerLines lines = file.lines();
        if (found.tornBytes() > 0) {
            LOG.warn("usage ledger: the last relay was killed while it wrote: {} bytes of an unfinished line are cut "
                + "off, and a record says so", found.tornBytes());
            lines.add(UsageRecords.repaired(found.tornBytes(), clock.millis()));
        }
        if (found.firstBreak() != null) {
            LOG.error("usage ledger: the chain is broken: {}; the ledger goes on behind its last line, and a record "
                + "says so; relay usage verify shows the rest", found.firstBreak());
            lines.add(UsageRecords.broken(found.firstBreak(), clock.millis()));
        }
        if (found.isHalfBegun()) {
            active.forEach(licence -> lines.add(UsageRecords.entitled(licence, clock.millis())));
        }
        file.append(lines);
        reach(months.of(clock.millis()));
        if (months.of(clock.millis()).isBefore(file.month())) {
            LOG.warn("usage ledger: the clock is before {}, the month of the newest file; records stay in that file "
                + "until the clock has passed it", file.month());
        }
        file.append(file.lines().add(UsageRecords.start(clock.millis())));
        file.force();
    }

    private void onRecord(final LedgerRecord record) {
        switch (record.type()) {
            case "entitled", "activated" -> active.add(UsageRecords.licence(record));
            case "deactivated" -> active.remove(UsageRecords.licence(record));
            default -> {
                return;
            }
        }
    }

    /** Ends the files of earlier months. A month in which nothing was used has no file. */
    private void reach(final YearMonth now) throws IOException {
        while (now.isAfter(file.month())) {
            writeChanges(change -> !months.of(change.atMs()).isAfter(file.month()));
            writeDenials(true);
            writeUse(slot -> !slot.month().isAfter(file.month()), Integer.MAX_VALUE);
            begin(waiting.tallies().keySet().stream().map(Slot::month)
                .filter(month -> month.isAfter(file.month()) && month.isBefore(now)).min(YearMonth::compareTo)
                .orElse(now));
        }
    }

    private void begin(final YearMonth month) throws IOException {
        final LedgerLines lines = file.lines();
        lines.add(UsageRecords.begin(month, file.lastHash(), active.size(), clock.millis()));
        active.forEach(licence -> lines.add(UsageRecords.entitled(licence, clock.millis())));
        file.begin(month, lines);
    }

    private void writeChanges(final Predicate<LicenceChange> which) throws IOException {
        while (!journal.changes().isEmpty() && which.test(journal.changes().peek())) {
            final List<LicenceChange> chunk = new ArrayList<>();
            final LedgerLines lines = file.lines();
            for (final LicenceChange change : journal.changes()) {
                if (chunk.size() == CHUNK_LINES || !which.test(change)) {
                    break;
                }
                lines.add(UsageRecords.change(change));
                chunk.add(change);
            }
            file.append(lines);
            chunk.forEach(this::onWritten);
        }
    }

    /** {@code isEnd}: of the month, or of the relay. */
    private void writeDenials(final boolean isEnd) throws IOException {
        final long nowMs = clock.millis();
        do {
            denials.take(journal.denials(), nowMs);
            final LedgerLines lines = file.lines();
            denials.due(nowMs, isEnd).forEach((denial, times) -> lines.add(UsageRecords.denied(denial, times, nowMs)));
            file.append(lines);
            denials.onWritten();
        } while (!journal.denials().kinds().isEmpty());
    }

    private void onWritten(final LicenceChange change) {
        journal.changes().remove();
        if (change.isActive()) {
            active.add(change.licence());
        } else {
            active.remove(change.licence());
        }
    }

    private void writeUse(final Predicate<Slot> which, final int most) throws IOException {
        int left = most;
        while (left > 0) {
            final List<Map.Entry<Slot, UsageTally>> chunk = waiting.tallies().entrySet().stream()
                .filter(entry -> which.test(entry.getKey())).limit(Math.min(left, CHUNK_LINES)).toList();
            if (chunk.isEmpty()) {
                return;
            }
            final LedgerLines lines = file.lines();
            chunk.forEach(
                entry -> lines.add(UsageRecords.use(entry.getKey().key(), entry.getValue(), clock.millis())));
            file.append(lines);
            writtenUpdates += chunk.stream().mapToLong(entry -> entry.getValue().updates()).sum();
            chunk.forEach(entry -> waiting.tallies().remove(entry.getKey()));
            left -= chunk.size();
        }
    }
}
