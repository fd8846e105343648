package penstock.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a relay has recorded of one feed in a span of time, over as many files as it takes; and, if it follows, what
 * the relay goes on to write. A file whose writer was killed ends where it can no longer be read, with a break.
 *
 * <p>Owned by the thread that reads.
 */
public final class RecordedSpan implements Recording {
    private final Path place;
    /** Null for the one feed that there will be. */
    private final String feed;
    private final Span span;
    private final Set<Long> openConnections = new HashSet<>();
    private final RecordingEntry entry = new RecordingEntry();
    private EntryReader reader;
    private long lastFromNs;
    private long lastConnection;
    private boolean isBegun;
    private boolean isEnded;
    private boolean isNewerSeen;
    private boolean isBreak;
    private boolean isHole;
    private boolean isSkipped;
    private long number;

    /**
     * Which part of the recording.
     *
     * @param fromNs      the first receive time, ns since 1970
     * @param toNs        the first one that is not played
     * @param isWholeFile from the start of the file that has {@code fromNs}: what came earlier in it is read, too
     * @param isFollowing wait for what is written later
     */
    public record Span(long fromNs, long toNs, boolean isWholeFile, boolean isFollowing) {
        /** Everything there is. */
        public static final Span ALL = new Span(0, Long.MAX_VALUE, false, false);
    }

    private RecordedSpan(final Path place, final String feed, final Span span) {
        this.place = place;
        this.feed = feed;
        this.span = span;
    }

    /**
     * Of a directory.
     *
     * @param feed as it is in the names of the files; null = there is one
     * @throws RecordingException with a remedy if there is none, or if there are several and none is named
     */
    public static RecordedSpan of(final Path directory, final String feed, final Span span) {
        if (!Files.isDirectory(directory)) {
            throw new RecordingException(directory + ": no such directory");
        }
        final List<String> feeds = files(directory, null).stream().map(RecordingFiles::feed).distinct().toList();
        if (feed == null && feeds.size() > 1) {
            throw new RecordingException(directory + ": has recordings of " + String.join(", ", feeds)
                + "; name one of them with --feed");
        }
        if (feeds.isEmpty() && !span.isFollowing || feed != null && !feeds.isEmpty() && !feeds.contains(feed)) {
            throw new RecordingException(directory + ": has no recording" + (feed == null ? "" : " of " + feed)
                + (feeds.isEmpty() ? "" : "; it has " + String.join(", ", feeds)));
        }
        return following(directory, feed == null && !feeds.isEmpty() ? feeds.get(0) : feed, span);
    }

    /** Of a directory that may not be there yet. */
    public static RecordedSpan following(final Path directory, final String feed, final Span span) {
        return new RecordedSpan(directory, feed, span);
    }

    /** Of one pair of files. */
    static RecordedSpan of(final RecordingFiles files) {
        return new RecordedSpan(files.messages(), files.feed(), Span.ALL);
    }

    /** The current entry. */
    public RecordingEntry entry() {
        return entry;
    }

    /**
     * How long ago the current entry was received: by the monotonic time of {@code clock} if the machine has not been
     * started since, and by the times that both clocks show; the shorter of the two. So a step of the system's clock
     * makes nothing older than it is.
     */
    public long ageNs(final RecordingClock clock) {
        final long shownNs = clock.nowNs() - entry.receivedNs;
        return reader != null && clock.isSameBoot(reader.boot())
            ? Math.min(shownNs, clock.monotonicNs() - reader.monotonicNs(entry.receivedNs)) : shownNs;
    }

    /** Moves to the next entry of any kind; false at the end, and while nothing more is written. */
    public boolean nextEntry() {
        isBreak = false;
        while (!isEnded && (reader != null || open())) {
            if (isHole) {
                isHole = false;
                lose();
                return true;
            }
            if (!reader.next()) {
                // without an end it may grow: until a newer file is there, and nothing came between the two looks
                if (!reader.isComplete() && !isNewerSeen) {
                    isNewerSeen = !isOneFile() && nextFiles() != null;
                    isHole = false;
                    if (!isNewerSeen) {
                        return false;
                    }
                } else if (leave()) {
                    return true;
                }
            } else if (entry.receivedNs >= span.toNs) {
                isEnded = true;
            } else {
                note();
                if (span.isWholeFile || entry.receivedNs >= span.fromNs) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Leaves a file that cannot be read any further; the next entry is a break. */
    public void skipFile() {
        close();
        isSkipped = true;
    }

    @Override
    public boolean next() {
        while (nextEntry()) {
            if (isBreak || entry.isMessage()) {
                number += isBreak ? 0 : 1;
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isGrowing() {
        return span.isFollowing && !isEnded;
    }

    @Override
    public boolean isBreak() {
        return isBreak;
    }

    @Override
    public boolean isPacked() {
        return entry.kind() == RecordingEntry.Kind.PACKED;
    }

    @Override
    public Path file() {
        return place;
    }

    @Override
    public boolean isTimed() {
        return true;
    }

    @Override
    public byte[] buffer() {
        return entry.buffer;
    }

    @Override
    public int offset() {
        return entry.offset;
    }

    @Override
    public int length() {
        return entry.length;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public long receivedNs() {
        return entry.receivedNs;
    }

    @Override
    public void rewind() {
        close();
        openConnections.clear();
        lastConnection = 0;
        isBegun = false;
        isEnded = false;
        isHole = false;
        number = 0;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Opens the next file; false if there is none. */
    private boolean open() {
        final RecordingFiles files = isOneFile() ? isBegun ? null : RecordingFiles.of(place) : nextFiles();
        if (files == null) {
            isHole = false;
            return false;
        }
        isBegun = true;
        isSkipped = false;
        isNewerSeen = false;
        lastFromNs = files.fromNs();
        reader = new EntryReader(files, entry);
        return true;
    }

    private boolean isOneFile() {
        return place.toString().endsWith(RecordingFiles.MESSAGES);
    }

    /**
     * The file of the begin of the span, or the one behind the last one; null if there is none. If the last one has
     * been deleted, so may have been others behind it.
     */
    private RecordingFiles nextFiles() {
        RecordingFiles found = null;
        isHole = isBegun;
        for (final RecordingFiles each : Files.isDirectory(place) ? files(place, feed) : List.<RecordingFiles>of()) {
            isHole &= isSkipped || each.fromNs() != lastFromNs;
            if (isBegun && each.fromNs() > lastFromNs) {
                return each;
            }
            if (!isBegun && (found == null || each.fromNs() <= span.fromNs)) {
                found = each;
            }
        }
        return found;
    }

    /** Leaves the file; true if that is a break, because its end is missing. */
    private boolean leave() {
        final boolean isComplete = reader.isComplete();
        close();
        if (!isComplete) {
            lose();
        }
        return !isComplete;
    }

    /** Messages are missing here, and it is not known how many. */
    private void lose() {
        openConnections.clear();
        lastConnection = 0;
        entry.kind = RecordingEntry.Kind.LOST;
        entry.missing = 0;
        isBreak = true;
    }

    /** Notes which connections are open. */
    private void note() {
        isBreak = false;
        switch (entry.kind) {
            case TEXT, BINARY, PACKED -> {
                if (entry.connection != lastConnection) {
                    lastConnection = entry.connection;
                    openConnections.add(lastConnection);
                }
            }
            case OPEN -> openConnections.add(entry.connection);
            case CLOSE -> {
                lastConnection = 0;
                isBreak = openConnections.remove(entry.connection) && openConnections.isEmpty();
            }
            default -> isBreak = entry.kind == RecordingEntry.Kind.LOST;
        }
    }

    private static List<RecordingFiles> files(final Path directory, final String feed) {
        try {
            // the second file of a pair is created after the first
            return RecordingFiles.in(directory, feed).stream().filter(each -> Files.exists(each.times())).toList();
        } catch (final IOException e) {
            throw new RecordingException(directory + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
