package penstock.usage.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Map;

/**
 * Follows the chain through all files of a ledger, up to the first line that breaks it. Immutable.
 *
 * @param files      how many files hold
 * @param lines      how many lines of them
 * @param lastHash   the hash of the last line; {@link Chain#START} of an empty ledger
 * @param firstBreak null if the chain holds
 * @param anchor     file and line with the expected hash; null if none has it
 */
public record LedgerCheck(int files, long lines, String lastHash, ChainBreak firstBreak, String anchor) {
    /**
     * Checks a ledger.
     *
     * @param after    the hash that its first line follows: {@link Chain#START}, or the last of the archived files
     * @param expected a hash to look for; null = none
     * @throws IOException if there is none, or a file cannot be read
     */
    public static LedgerCheck of(final Path directory, final String after, final String expected) throws IOException {
        int files = 0;
        long lines = 0;
        String last = after;
        final String[] anchor = {after.equals(expected) ? "the beginning" : null};
        final Map<YearMonth, Path> months = LedgerFiles.in(directory);
        if (months.isEmpty()) {
            throw new IOException(directory + ": there is no usage ledger here: no file like usage-2026-11.jsonl");
        }
        for (final Map.Entry<YearMonth, Path> file : months.entrySet()) {
            final ScannedFile scanned = LedgerScan.scan(file.getValue(), file.getKey(), last,
                (number, line, length, hash) -> {
                    if (hash.equals(expected)) {
                        anchor[0] = file.getValue() + ":" + number;
                    }
                });
            final ChainBreak firstBreak = scanned.firstBreak() != null ? scanned.firstBreak()
                : unfinished(file.getValue(), scanned);
            if (firstBreak != null) {
                return new LedgerCheck(files, lines + firstBreak.line() - 1, last, firstBreak, anchor[0]);
            }
            files++;
            lines += scanned.lines();
            last = scanned.lastHash() == null ? last : scanned.lastHash();
        }
        return new LedgerCheck(files, lines, last, null, anchor[0]);
    }

    private static ChainBreak unfinished(final Path file, final ScannedFile scanned) {
        return scanned.tornBytes() == 0 ? null : new ChainBreak(file, scanned.lines() + 1,
            "this line is not complete: the relay crashed while it wrote and cuts the line off at its next start, or "
                + "it is writing now; if a relay runs, verify again");
    }
}
