package penstock.recording;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;

/**
 * Reads the two files of {@link RecordingFiles} together, while they are written too. {@link RecordingMark} has the
 * lines of the second one.
 *
 * <p>Owned by the thread that reads.
 */
final class EntryReader implements Closeable {
    private final RecordingFiles files;
    private final GrowingLines messages;
    private final GrowingLines times;
    private final RecordingEntry entry;
    private boolean awaitsMessage;
    private boolean isBase64;
    private String boot = "";
    private long offsetNs;

    EntryReader(final RecordingFiles files, final RecordingEntry entry) {
        this.files = files;
        this.entry = entry;
        messages = new GrowingLines(files.messages());
        try {
            times = new GrowingLines(files.times());
        } catch (final RecordingException e) {
            messages.close();
            throw e;
        }
    }

    RecordingFiles files() {
        return files;
    }

    /** The name of the boot in which the file was written, empty before it is read. */
    String boot() {
        return boot;
    }

    /** The monotonic time of a receive time. */
    long monotonicNs(final long receivedNs) {
        return receivedNs - offsetNs;
    }

    /** Moves to the next entry; false if there is none now. */
    boolean next() {
        while (awaitsMessage || times.next()) {
            if (awaitsMessage) {
                if (!messages.next()) {
                    return false;
                }
                awaitsMessage = false;
                takeMessage();
                return true;
            }
            if (times.line().length() > 0 && times.line().buffer()[times.line().offset()] == RecordingMark.FIRST) {
                if (takeMark()) {
                    return true;
                }
            } else {
                takeTime();
                awaitsMessage = true;
            }
        }
        return false;
    }

    /** After {@link #next} was false: true if no more will be written. */
    boolean isComplete() {
        return !awaitsMessage && times.isComplete();
    }

    /** The place of the current entry. */
    String place() {
        return times.line().place();
    }

    @Override
    public void close() {
        messages.close();
        times.close();
    }

    private void takeMessage() {
        entry.buffer = messages.line().buffer();
        entry.offset = messages.line().offset();
        entry.length = messages.line().length();
        if (isBase64) {
            try {
                final ByteBuffer decoded = Base64.getDecoder().decode(
                    ByteBuffer.wrap(entry.buffer, entry.offset, entry.length));
                entry.buffer = decoded.array();
                entry.offset = 0;
                entry.length = decoded.remaining();
            } catch (final IllegalArgumentException e) {
                throw new RecordingException(messages.line().place() + ": is no base64, and " + times.line().place() + " says so", e);
            }
        }
    }

    /** {@code NS CONNECTION FORM}, read in place: there is one for each message. */
    private void takeTime() {
        final byte[] line = times.line().buffer();
        final int end = times.line().offset() + times.line().length();
        entry.receivedNs = number(times.line().offset(), end);
        final int connectionAt = behind(times.line().offset(), end);
        entry.connection = number(connectionAt, end);
        final int at = behind(connectionAt, end);
        isBase64 = line[end - 1] == '4' && at < end && line[at] != 'f';
        switch (at < end ? line[at] : ' ') {
            case 't' -> entry.kind = RecordingEntry.Kind.TEXT;
            case 'b' -> entry.kind = RecordingEntry.Kind.BINARY;
            case 'p' -> entry.kind = RecordingEntry.Kind.PACKED;
            case 'f' -> takeFetched();
            default -> throw wrong();
        }
    }

    private void takeFetched() {
        final String line = times.line().text();
        final int colon = line.indexOf(':');
        if (colon < 0) {
            throw wrong();
        }
        entry.kind = RecordingEntry.Kind.FETCHED;
        isBase64 = line.startsWith(RecordingMark.FETCHED + RecordingMark.BASE64 + ":",
            line.lastIndexOf(' ', colon) + 1);
        try {
            entry.key = Long.parseUnsignedLong(line.substring(colon + 1), 16);
        } catch (final NumberFormatException e) {
            throw wrong();
        }
    }

    /** False if the mark is for this reader alone. */
    private boolean takeMark() {
        final String[] words = times.line().text().substring(1).split(" ");
        try {
            entry.receivedNs = Long.parseLong(words[0]);
            switch (RecordingMark.valueOf(words[1].toUpperCase(Locale.ROOT))) {
                case BEGIN -> {
                    if (Integer.parseInt(words[2]) > RecordingMark.VERSION) {
                        throw new RecordingException(times.line().place() + ": has format " + words[2] + ", and this version "
                            + "reads " + RecordingMark.VERSION + "; use the version that wrote it");
                    }
                    boot = words[4];
                    offsetNs = entry.receivedNs - Long.parseLong(words[5]);
                    return false;
                }
                case OPEN -> {
                    entry.kind = RecordingEntry.Kind.OPEN;
                    entry.connection = Long.parseLong(words[2]);
                }
                case CLOSE -> {
                    entry.kind = RecordingEntry.Kind.CLOSE;
                    entry.connection = Long.parseLong(words[2]);
                }
                default -> {
                    entry.kind = RecordingEntry.Kind.LOST;
                    entry.missing = Long.parseLong(words[2]);
                }
            }
            return true;
        } catch (final IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw wrong();
        }
    }

    private long number(final int from, final int end) {
        long number = 0;
        int at = from;
        for (; at < end && times.line().buffer()[at] != ' '; at++) {
            final int digit = times.line().buffer()[at] - '0';
            if (digit < 0 || digit > 9 || number > Long.MAX_VALUE / 10 - 1) {
                throw wrong();
            }
            number = number * 10 + digit;
        }
        if (at == from) {
            throw wrong();
        }
        return number;
    }

    private int behind(final int from, final int end) {
        int at = from;
        while (at < end && times.line().buffer()[at] != ' ') {
            at++;
        }
        return at + 1;
    }

    private RecordingException wrong() {
        final String line = times.line().text();
        return new RecordingException(times.line().place() + ": 'NS CONNECTION FORM' or a mark is expected, got '"
            + line.substring(0, Math.min(60, line.length())) + "'");
    }
}
