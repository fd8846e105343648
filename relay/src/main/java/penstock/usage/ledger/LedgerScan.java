package penstock.usage.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Arrays;

/** Reads one file line by line and follows its chain, past a line that breaks it too. Owned by one thread. */
public final class LedgerScan {
    /** Longer than any line that the ledger writes. */
    static final int MAX_LINE_BYTES = 64 << 10;
    private static final int CHUNK_BYTES = 64 << 10;
    /** From the comma before {@code "hash"} to the closing brace. */
    private static final int TAIL_BYTES = Chain.HASH_MEMBER.length + Chain.HASH_CHARS + Chain.LINE_END.length - 1;

    /** Gets each line that is one of a ledger, whether or not its hash fits. */
    public interface Lines {
        /**
         * A line.
         *
         * @param line valid during the call, without its line feed
         * @throws IOException if its record cannot be used: the line then breaks the chain
         */
        void onLine(long number, byte[] line, int length, String hash) throws IOException;
    }

    private final Chain chain = new Chain();
    private final byte[] line = new byte[MAX_LINE_BYTES];
    private final Path file;
    private final YearMonth month;
    private final Lines lines;
    private String previous;
    private long length;
    private long number;
    private long goodBytes;
    private String lastHash;
    private ChainBreak firstBreak;

    private LedgerScan(final Path file, final YearMonth month, final String previous, final Lines lines) {
        this.file = file;
        this.month = month;
        this.previous = previous;
        this.lines = lines;
    }

    /**
     * Scans the file of a month.
     *
     * @param previous the hash that its first line must follow; null = the one that this line names
     * @throws IOException if it cannot be read
     */
    public static ScannedFile scan(final Path file, final YearMonth month, final String previous, final Lines lines)
            throws IOException {
        return new LedgerScan(file, month, previous, lines).scan();
    }

    private ScannedFile scan() throws IOException {
        final byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(chunk); count > 0; count = in.read(chunk)) {
                for (int i = 0; i < count; i++) {
                    take(chunk[i]);
                }
            }
        }
        return new ScannedFile(number, lastHash, goodBytes, length, firstBreak);
    }

    private void take(final byte b) {
        if (b == '\n') {
            number++;
            goodBytes += length + 1;
            endLine();
            length = 0;
        } else {
            if (length < MAX_LINE_BYTES) {
                line[(int) length] = b;
            }
            length++;
        }
    }

    private void endLine() {
        if (length > MAX_LINE_BYTES || !hasForm()) {
            breaks("this is not a line of a usage ledger");
            previous = previous == null ? Chain.START : previous;
            return;
        }
        final int body = (int) length - TAIL_BYTES;
        final String hash = new String(line, body + Chain.HASH_MEMBER.length, Chain.HASH_CHARS,
            StandardCharsets.US_ASCII);
        try {
            if (number == 1) {
                checkFirst(LedgerRecord.parse(line, (int) length), body, hash);
            }
            if (!chain.next(previous, line, body).equals(hash)) {
                breaks("its hash does not follow from this line and the one before: this line was changed, or one "
                    + "before it was removed, inserted or moved");
            }
            lines.onLine(number, line, (int) length, hash);
        } catch (final IOException | IllegalArgumentException e) {
            breaks("this is not a record: " + e.getMessage());
        }
        previous = hash;
        lastHash = hash;
    }

    private void checkFirst(final LedgerRecord begin, final int body, final String hash) {
        if (!"begin".equals(begin.type())) {
            breaks("a file starts with a record of type begin: lines at its beginning are missing");
            previous = previous == null ? Chain.START : previous;
            return;
        }
        final String named = begin.text("previous") == null ? Chain.START : begin.text("previous");
        final boolean isIntact = chain.next(named, line, body).equals(hash);
        if (isIntact && !month.toString().equals(begin.text("month"))) {
            breaks("this file is that of " + begin.text("month") + ": it was renamed");
        } else if (isIntact && previous != null && !previous.equals(named)) {
            breaks("this file follows the hash " + named + ", but "
                + (previous.equals(Chain.START) ? "there is no line before it; if you have archived the earlier "
                    + "files, add --after " + named
                    : "the hash before it is " + previous + ": a file, or lines at the end of one, are missing"));
        }
        previous = previous == null ? named : previous;
    }

    private boolean hasForm() {
        final int end = (int) length;
        final int body = end - TAIL_BYTES;
        if (body < 1 || line[0] != '{') {
            return false;
        }
        final int hash = body + Chain.HASH_MEMBER.length;
        for (int i = hash; i < hash + Chain.HASH_CHARS; i++) {
            if ((line[i] < '0' || line[i] > '9') && (line[i] < 'a' || line[i] > 'f')) {
                return false;
            }
        }
        return Arrays.equals(line, body, hash, Chain.HASH_MEMBER, 0, Chain.HASH_MEMBER.length)
            && line[end - 2] == '"' && line[end - 1] == '}';
    }

    private void breaks(final String what) {
        if (firstBreak == null) {
            firstBreak = new ChainBreak(file, number, what);
        }
    }
}
