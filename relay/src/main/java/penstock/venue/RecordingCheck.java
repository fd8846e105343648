package penstock.venue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.collections.IntHashSet;
import penstock.ring.ConflationClass;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.text.PrintableText;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/**
 * Checks a venue file against messages: describes the meaning of each message, counts the results, builds the books and
 * says what is wrong. For people, not for the hot path. Owned by the thread that runs the check.
 */
public final class RecordingCheck implements VenueListener {
    private static final int MAX_SAMPLES = 5;
    /** More gaps than one in 3 messages are a mistake of the rule, not losses. */
    private static final int PLAUSIBLE_GAPS = 3;

    private final Venue venue;
    private final Consumer<String> lines;
    private final Channel[] channels;
    private final Map<ControlKind, long[]> controls = new EnumMap<>(ControlKind.class);
    private final List<String> samples = new ArrayList<>();
    private final LevelBuffer levels = new LevelBuffer();
    private final RuleCoverage coverage = new RuleCoverage();
    private final FeedBooks books;
    private final Map<String, Integer> bookNumbers = new HashMap<>();
    private final IntHashSet broken = new IntHashSet();
    private long messages;
    private long failures;
    private long connectionGaps;
    private long collisions;

    /** Counts of a channel. */
    private static final class Channel {
        private final Map<String, long[]> topics = new HashMap<>();
        private long updates;
        private long duplicates;
        private long gaps;
        private long back;
        private long levels;
        private long checksumsWrong;
    }

    /** {@code lines} receives one line per message. */
    public RecordingCheck(final Venue venue, final Consumer<String> lines) {
        this.venue = venue;
        this.lines = lines;
        books = new FeedBooks(venue);
        venue.cover(coverage);
        channels = new Channel[venue.channels().size()];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = new Channel();
        }
    }

    /** Checks a text message as received; {@code login} sees each document of it. */
    public void onText(final byte[] frame, final int offset, final int length, final Venue.Login login) {
        messages++;
        venue.onText(frame, offset, length, 0, login, this);
    }

    /** Checks a binary message as received; {@code login} sees each document of it, inflated. */
    public void onBinary(final byte[] frame, final int offset, final int length, final Venue.Login login) {
        messages++;
        venue.onBinary(frame, offset, length, 0, login, this);
    }

    /** Checks a message of a recording; recordings of binary venues are already inflated. */
    public void onRecorded(final byte[] message, final int offset, final int length) {
        messages++;
        venue.onRecorded(message, offset, length, this);
    }

    /** Number of messages that no rule could use. */
    public long failures() {
        return failures;
    }

    /** What is wrong with the file, or with the recording; empty if nothing is. */
    public List<String> problems() {
        final List<String> problems = new ArrayList<>(coverage.problems(venue.rules()));
        add(problems, failures, "messages were not used");
        add(problems, venue.counts().badTimes(), "times could not be read, or lie before 2000 or after 2099");
        add(problems, collisions, "symbols have the published name of another symbol, by the rules of symbols");
        add(problems, venue.counts().badLevels(), "levels have a price or a size that is no number, or no side");
        add(problems, venue.counts().badValues(), "values are not of the type of their field, and are left out");
        for (int i = 0; i < channels.length; i++) {
            final Channel channel = channels[i];
            final String name = " of channel " + venue.channels().get(i).name();
            add(problems, channel.back, "events whose number goes back" + name);
            add(problems, channel.checksumsWrong, "books differ from the venue's checksum" + name);
            final boolean isBook = venue.channels().get(i).conflation() == ConflationClass.ORDER_BOOK;
            if (isBook && channel.updates > 0 && channel.levels == 0) {
                problems.add(channel.updates + " updates have no level" + name);
            }
        }
        gaps(problems, true);
        return problems;
    }

    /** Messages may have been lost while recording; a rule that does not fit shows a gap nearly everywhere. */
    private void gaps(final List<String> sentences, final boolean areProblems) {
        if (connectionGaps * PLAUSIBLE_GAPS > messages == areProblems) {
            add(sentences, connectionGaps, "gaps in the numbers of the connection");
        }
        for (int i = 0; i < channels.length; i++) {
            if (channels[i].gaps * PLAUSIBLE_GAPS > channels[i].updates == areProblems) {
                add(sentences, channels[i].gaps, "gaps in the numbers of channel " + venue.channels().get(i).name());
            }
        }
    }

    private static void add(final List<String> problems, final long count, final String what) {
        if (count > 0) {
            problems.add(count + " " + what);
        }
    }

    /** What the recording does not show. */
    public List<String> notes() {
        final List<String> notes = new ArrayList<>(coverage.notes(venue.rules()));
        for (int i = 0; i < venue.rules().size(); i++) {
            if (venue.counts().matched(i) == 0) {
                notes.add("rule " + venue.rules().get(i) + " matched no message");
            }
        }
        gaps(notes, false);
        add(notes, venue.counts().badNumbers(), "messages without a sequence number");
        return notes;
    }

    /** All counts, in readable lines. */
    public List<String> report() {
        final List<String> report = new ArrayList<>();
        report.add(String.format(Locale.ROOT, "%-24s %10s", "rule", "matched"));
        for (int i = 0; i < venue.rules().size(); i++) {
            report.add(String.format(Locale.ROOT, "%-24s %10d", venue.rules().get(i), venue.counts().matched(i)));
        }
        report.add("");
        report.add(String.format(Locale.ROOT, "%-24s %-10s %8s %10s %10s %10s",
            "channel", "class", "topics", "updates", "repeated", "gaps"));
        for (int i = 0; i < channels.length; i++) {
            final Channel channel = channels[i];
            final ChannelSpec spec = venue.channels().get(i);
            report.add(String.format(Locale.ROOT, "%-24s %-10s %8d %10d %10d %10s", spec.name(),
                spec.conflation().spelling(), channel.topics.size(),
                channel.updates,
                channel.duplicates, venue.detectsGaps(i) ? Long.toString(channel.gaps + connectionGaps) : "unknown"));
        }
        report.add("");
        controls.forEach((kind, count) ->
            report.add(String.format(Locale.ROOT, "%-24s %10d", kind.name().toLowerCase(Locale.ROOT), count[0])));
        report.add(String.format(Locale.ROOT, "%-24s %10d", "not used", failures));
        report.add(String.format(Locale.ROOT, "%-24s %10d", "bad times", venue.counts().badTimes()));
        report.add(String.format(Locale.ROOT, "%-24s %10d", "bad levels", venue.counts().badLevels()));
        report.add(String.format(Locale.ROOT, "%-24s %10d", "bad values", venue.counts().badValues()));
        report.add(String.format(Locale.ROOT, "%-24s %10d", "messages", messages));
        samples.forEach(sample -> report.add("  " + sample));
        notes().forEach(note -> report.add("note: " + note));
        problems().forEach(problem -> report.add("WRONG: " + problem));
        return report;
    }

    @Override
    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final long timeUs, final UpdateSlice slices) {
        final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
        channels[channel].updates++;
        channels[channel].back += venue.verdict() == SequenceTracker.Verdict.BACK ? 1 : 0;
        if (slices.levels != null) {
            checkBook(channel, name, slices);
            channels[channel].levels += count(slices.levels);
        }
        channels[channel].topics.computeIfAbsent(name, each -> new long[1])[0]++;
        lines.accept(venue.channels().get(channel).name() + " " + PrintableText.excerpt(name)
            + (slices.kind == UpdateKind.FULL ? "" : " " + slices.kind.name().toLowerCase(Locale.ROOT))
            + (timeUs == Long.MIN_VALUE ? "" : " time " + timeUs)
            + (slices.levels == null ? "" : " levels " + count(slices.levels))
            + "  " + PrintableText.excerpt(slices.publishedBuffer(), slices.publishedOffset(),
                slices.publishedLength()));
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        controls.computeIfAbsent(kind, each -> new long[1])[0]++;
        lines.accept(kind.name().toLowerCase(Locale.ROOT) + "  " + PrintableText.excerpt(frame, offset, length));
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
        fail("NO RULE", frame, offset, length);
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        fail("NOT JSON (wrong at byte " + errorAt + ")", frame, offset, length);
    }

    @Override
    public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
        fail("PAYLOAD " + what, frame, offset, Math.min(length, 16));
    }

    @Override
    public void onDuplicate(final int channel) {
        channels[channel].duplicates++;
        lines.accept("repeated, of channel " + venue.channels().get(channel).name());
    }

    @Override
    public void onSymbolCollision(final byte[] symbol, final int offset, final int length) {
        collisions++;
        lines.accept("NAME of " + PrintableText.excerpt(symbol, offset, length) + " is that of another symbol");
    }

    @Override
    public void onBadNumber(final int channel, final byte[] frame, final int offset, final int length) {
        lines.accept("NUMBER cannot be read  " + PrintableText.excerpt(frame, offset, length));
    }

    @Override
    public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final GapAction action, final long expected, final long got) {
        if (channel < 0) {
            connectionGaps++;
        } else {
            channels[channel].gaps++;
        }
        lines.accept("GAP " + (channel < 0 ? "of the connection" : symbolLength == 0 ? "of channel "
            + venue.channels().get(channel).name() : venue.channels().get(channel).name() + " "
            + PrintableText.excerpt(symbol, symbolOffset, symbolLength)) + ": expected " + expected + ", got " + got
            + "; "
            + action.name().toLowerCase(Locale.ROOT));
    }

    /** A book that is wrong is wrong until its next snapshot. */
    private void checkBook(final int channel, final String name, final UpdateSlice slices) {
        final int book = bookNumbers.computeIfAbsent(channel + " " + name, each -> bookNumbers.size());
        if (slices.kind != UpdateKind.DELTA) {
            broken.remove(book);
        }
        if (books.apply(channel, book, slices, true) == FeedBooks.Outcome.WRONG_CHECKSUM && broken.add(book)) {
            channels[channel].checksumsWrong++;
            lines.accept("CHECKSUM of " + PrintableText.excerpt(name) + " differs");
        }
    }

    private void fail(final String what, final byte[] frame, final int offset, final int length) {
        failures++;
        final String line = what + "  " + PrintableText.excerpt(frame, offset, length);
        if (samples.size() < MAX_SAMPLES) {
            samples.add("message " + messages + ": " + line);
        }
        lines.accept(line);
    }

    private int count(final LevelBuffer written) {
        levels.wrap(written.buffer(), 0, written.length());
        int count = 0;
        while (levels.next()) {
            count++;
        }
        return count;
    }
}
