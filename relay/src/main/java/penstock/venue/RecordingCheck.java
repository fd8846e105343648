package penstock.venue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.text.PrintableText;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/**
 * Checks a venue file against messages: describes the meaning of each message and counts the results. For people, not
 * for the hot path. Owned by the thread that runs the check.
 */
public final class RecordingCheck implements VenueListener {
    private static final int MAX_SAMPLES = 5;

    private final Venue venue;
    private final Consumer<String> lines;
    private final Channel[] channels;
    private final Map<ControlKind, long[]> controls = new EnumMap<>(ControlKind.class);
    private final List<String> samples = new ArrayList<>();
    private final LevelBuffer levels = new LevelBuffer();
    private long messages;
    private long failures;
    private long connectionGaps;

    /** Counts of a channel. */
    private static final class Channel {
        private final Map<String, long[]> topics = new HashMap<>();
        private long updates;
        private long duplicates;
        private long gaps;
    }

    /** {@code lines} receives one line per message. */
    public RecordingCheck(final Venue venue, final Consumer<String> lines) {
        this.venue = venue;
        this.lines = lines;
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
        report.add(String.format(Locale.ROOT, "%-24s %10d", "messages", messages));
        samples.forEach(sample -> report.add("  " + sample));
        return report;
    }

    @Override
    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final long timeUs, final UpdateSlice slices) {
        final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
        channels[channel].updates++;
        channels[channel].topics.computeIfAbsent(name, each -> new long[1])[0]++;
        lines.accept(venue.channels().get(channel).name() + " " + PrintableText.excerpt(name)
            + (slices.kind == UpdateKind.FULL ? "" : " " + slices.kind.name().toLowerCase(Locale.ROOT))
            + (timeUs == Long.MIN_VALUE ? "" : " time " + timeUs)
            + (slices.levels == null ? "" : " levels " + count(slices.levels))
            + "  " + PrintableText.excerpt(slices.buffer, slices.valueOffset, slices.valueLength));
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
        lines.accept("GAP " + (channel < 0 ? "of the connection" : venue.channels().get(channel).name() + " "
            + PrintableText.excerpt(symbol, symbolOffset, symbolLength)) + ": expected " + expected + ", got " + got
            + "; "
            + action.name().toLowerCase(Locale.ROOT));
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
