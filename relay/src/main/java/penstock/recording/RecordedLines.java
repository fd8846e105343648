package penstock.recording;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A recording by other programs: {@code NAME.jsonl} or {@code NAME.jsonl.gz} with one message per line, exactly as
 * received, and optionally next to it {@code NAME.rx} or {@code NAME.rx.gz} with the receive times in nanoseconds.
 *
 * <p>Owned by the thread that plays it.
 */
final class RecordedLines implements Recording {
    private final Path messagesFile;
    private final Path timesFile;
    private LineReader messages;
    private LineReader times;
    private long receivedNs;

    private RecordedLines(final Path messagesFile, final Path timesFile) {
        this.messagesFile = messagesFile;
        this.timesFile = timesFile;
        rewind();
    }

    /** Opens one at its start. */
    static RecordedLines open(final Path file) {
        final String name = file.getFileName() == null ? "" : file.getFileName().toString();
        final int end = name.endsWith(".jsonl") ? name.length() - 6 : name.endsWith(".jsonl.gz") ? name.length() - 9
            : -1;
        if (end < 0) {
            throw new RecordingException(file
                + ": not a recording; NAME.jsonl or NAME.jsonl.gz is expected, one message per line");
        }
        final Path plain = file.resolveSibling(name.substring(0, end) + ".rx");
        final Path zipped = file.resolveSibling(name.substring(0, end) + ".rx.gz");
        return new RecordedLines(file, Files.exists(plain) ? plain : Files.exists(zipped) ? zipped : null);
    }

    /** True if a relay has written it, so that its receive times have marks. */
    boolean isOfRelay() {
        final boolean isMarked = times != null && times.next() && times.line().length() > 0
            && times.line().buffer()[times.line().offset()] == RecordingMark.FIRST;
        rewind();
        return isMarked;
    }

    @Override
    public Path file() {
        return messagesFile;
    }

    @Override
    public boolean isTimed() {
        return timesFile != null;
    }

    @Override
    public boolean next() {
        if (!messages.next()) {
            if (times != null && times.next()) {
                throw new RecordingException(times.line().place() + ": a receive time without a message: " + messagesFile
                    + " ends after " + messages.line().number() + " messages; do the two files belong together?");
            }
            return false;
        }
        checkUtf8();
        if (times != null) {
            readTime();
        }
        return true;
    }

    @Override
    public byte[] buffer() {
        return messages.line().buffer();
    }

    @Override
    public int offset() {
        return messages.line().offset();
    }

    @Override
    public int length() {
        return messages.line().length();
    }

    @Override
    public long number() {
        return messages.line().number();
    }

    @Override
    public long receivedNs() {
        return receivedNs;
    }

    @Override
    public void rewind() {
        close();
        messages = new LineReader(messagesFile);
        times = timesFile == null ? null : new LineReader(timesFile);
        receivedNs = 0;
    }

    @Override
    public void close() {
        if (messages != null) {
            messages.close();
        }
        if (times != null) {
            times.close();
        }
    }

    private void readTime() {
        if (!times.next()) {
            throw new RecordingException(times.file() + ":" + number() + ": no receive time for message " + number()
                + " of " + messagesFile + "; one line per message is expected");
        }
        final LineBuffer line = times.line();
        long ns = 0;
        final int end = line.offset() + line.length();
        int at = line.offset();
        while (at < end && line.buffer()[at] >= '0' && line.buffer()[at] <= '9' && ns <= Long.MAX_VALUE / 10 - 1) {
            ns = ns * 10 + line.buffer()[at++] - '0';
        }
        if (line.length() == 0 || at < end && !(at == end - 1 && line.buffer()[at] == '\r')) {
            final String found =
                new String(line.buffer(), line.offset(), Math.min(40, line.length()), StandardCharsets.UTF_8);
            throw new RecordingException(line.place()
                + ": nanoseconds since 1970 as a whole number are expected, got '" + found + "'");
        }
        receivedNs = ns;
    }

    /** A text frame that is not UTF-8 would end the client's connection, far from the cause. */
    private void checkUtf8() {
        final byte[] buffer = messages.line().buffer();
        final int end = messages.line().offset() + messages.line().length();
        for (int i = messages.line().offset(); i < end; i++) {
            if (buffer[i] < 0) {
                checkUtf8Slowly();
                return;
            }
        }
    }

    private void checkUtf8Slowly() {
        try {
            StandardCharsets.UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(messages.line().buffer(), messages.line().offset(), messages.line().length()));
        } catch (final CharacterCodingException e) {
            throw new RecordingException(messages.line().place()
                + ": not valid UTF-8, so it cannot be sent as a text frame", e);
        }
    }
}
