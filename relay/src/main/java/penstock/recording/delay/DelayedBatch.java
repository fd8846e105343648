package penstock.recording.delay;

import java.util.Arrays;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingEntry;

/**
 * Entries of a recording that are due, copied: at most 256 KiB of them, or one that is larger. The thread that reads
 * fills it, then the feed thread uses it, never both at a time.
 */
final class DelayedBatch {
    private static final int MAX_ENTRIES = 4_096;
    private static final int MAX_BYTES = 256 << 10;

    private final RecordingEntry.Kind[] kinds = new RecordingEntry.Kind[MAX_ENTRIES];
    private final boolean[] breaks = new boolean[MAX_ENTRIES];
    private final int[] ends = new int[MAX_ENTRIES];
    /** The key of an answer over HTTP, the number of a message's connection, or how many messages are missing. */
    private final long[] numbers = new long[MAX_ENTRIES];
    private byte[] bytes = new byte[MAX_BYTES];
    private int count;
    private int next;

    /** Uses the entries. */
    interface User {
        /** False: the user takes nothing more now, and has not used this one. */
        boolean onMessage(RecordingEntry.Kind kind, long connection, byte[] buffer, int offset, int length);

        /** The answer to a request over HTTP. */
        void onFetched(long key, byte[] body);

        /** The recorded connection ended, or messages are missing: {@code missing} of them, 0 = it is not known. */
        void onBreak(boolean isLoss, long missing);
    }

    boolean isEmpty() {
        return next == count;
    }

    boolean hasRoom() {
        return count < MAX_ENTRIES && filled() < MAX_BYTES;
    }

    void clear() {
        count = 0;
        next = 0;
        if (bytes.length > MAX_BYTES) {
            bytes = new byte[MAX_BYTES];
        }
    }

    /** Copies the current entry, if it is of use. */
    void add(final RecordedSpan span) {
        final RecordingEntry entry = span.entry();
        final boolean hasBytes = entry.isMessage() || entry.kind() == RecordingEntry.Kind.FETCHED;
        if (!hasBytes && !span.isBreak()) {
            return;
        }
        int end = filled();
        if (hasBytes) {
            if (end + entry.length() > bytes.length) {
                bytes = Arrays.copyOf(bytes, end + entry.length());
            }
            System.arraycopy(entry.buffer(), entry.offset(), bytes, end, entry.length());
            end += entry.length();
        }
        kinds[count] = entry.kind();
        breaks[count] = span.isBreak();
        numbers[count] = entry.kind() == RecordingEntry.Kind.FETCHED ? entry.key()
            : hasBytes ? entry.connection() : entry.missing();
        ends[count++] = end;
    }

    /** Passes over breaks that come next: a connection that is not open cannot be lost. */
    void skipBreaks() {
        while (next < count && breaks[next]) {
            next++;
        }
    }

    /** Hands over the entries that are left, until the user takes no more. */
    void use(final User user) {
        boolean isTaking = true;
        while (isTaking && next < count) {
            final int from = next == 0 ? 0 : ends[next - 1];
            if (breaks[next]) {
                // before the call: with it the user loses its connection, and what follows is for the next one
                final int at = next++;
                user.onBreak(kinds[at] == RecordingEntry.Kind.LOST, numbers[at]);
            } else if (kinds[next] == RecordingEntry.Kind.FETCHED) {
                user.onFetched(numbers[next], Arrays.copyOfRange(bytes, from, ends[next]));
                next++;
            } else {
                isTaking = user.onMessage(kinds[next], numbers[next], bytes, from, ends[next] - from);
                next += isTaking ? 1 : 0;
            }
        }
    }

    private int filled() {
        return count == 0 ? 0 : ends[count - 1];
    }
}
