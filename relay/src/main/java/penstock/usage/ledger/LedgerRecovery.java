package penstock.usage.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Opens a ledger where the last relay left it: finds the last complete line, cuts off one that a crash tore, and reads
 * the newest file. Immutable.
 *
 * @param appender    behind the last complete line
 * @param tornBytes   what was cut off; 0 after a clean stop
 * @param firstBreak  the first line of the newest file that breaks the chain; null if there is none
 * @param isHalfBegun a crash cut off some of the entitlements at the beginning of the newest file; the file before it
 *                    was read too
 */
public record LedgerRecovery(LedgerAppender appender, long tornBytes, ChainBreak firstBreak, boolean isHalfBegun) {
    private static final byte[] USE = "{\"type\":\"use\"".getBytes(StandardCharsets.US_ASCII);

    /**
     * Opens a ledger.
     *
     * @param records gets each record of the newest file, except those of type {@code use}
     * @throws IOException if a file cannot be read or cut
     */
    public static LedgerRecovery open(final Path directory, final LedgerDisk disk,
            final Consumer<LedgerRecord> records) throws IOException {
        LedgerRecovery newest = null;
        long torn = 0;
        for (final Map.Entry<YearMonth, Path> file : LedgerFiles.in(directory).descendingMap().entrySet()) {
            final BeginCheck begin = new BeginCheck(records);
            final ScannedFile scanned = LedgerScan.scan(file.getValue(), file.getKey(), null, begin);
            if (newest != null) {
                return newest;
            }
            torn += scanned.tornBytes();
            if (scanned.lines() == 0) {
                empty(file.getValue(), disk);
            } else {
                newest = new LedgerRecovery(LedgerAppender.behind(directory, file.getKey(), scanned, disk), torn,
                    scanned.firstBreak(), begin.isHalf());
                if (!newest.isHalfBegun()) {
                    return newest;
                }
            }
        }
        return newest != null ? newest
            : new LedgerRecovery(LedgerAppender.empty(directory, disk), torn, null, false);
    }

    /** A crash can leave a new file without a complete line. */
    private static void empty(final Path file, final LedgerDisk disk) throws IOException {
        try (FileChannel channel = disk.open(file)) {
            channel.truncate(0);
        }
    }

    /** Passes records on, and counts whether those are there that a file begins with. */
    private static final class BeginCheck implements LedgerScan.Lines {
        private final Consumer<LedgerRecord> records;
        private long missing;

        BeginCheck(final Consumer<LedgerRecord> records) {
            this.records = records;
        }

        @Override
        public void onLine(final long number, final byte[] line, final int length, final String hash)
                throws IOException {
            if (!Arrays.equals(line, 0, USE.length, USE, 0, USE.length)) {
                final LedgerRecord record = LedgerRecord.parse(line, length);
                if (number == 1) {
                    missing = record.number("entitled");
                } else if (missing > 0 && record.type().equals("entitled")) {
                    missing--;
                }
                records.accept(record);
            }
        }

        boolean isHalf() {
            return missing > 0;
        }
    }
}
