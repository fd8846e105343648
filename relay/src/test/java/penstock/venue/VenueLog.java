package penstock.venue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/**
 * Records the interpretation of frames: {@code update quote EURUSD 1636114682174000 {'bid':1.1}}, {@code ACK},
 * {@code unmatched}.
 */
public class VenueLog implements VenueListener {
    public final List<String> lines = new ArrayList<>();
    public final List<String> payloads = new ArrayList<>();
    /** What was published, as it is. */
    final List<String> values = new ArrayList<>();
    final Map<String, Integer> counts = new TreeMap<>();
    int badNumbers;
    private final Venue venue;

    public VenueLog(final Venue venue) {
        this.venue = venue;
    }

    /** Feeds frames from inside a larger buffer, so that offsets matter; turns single quotes into double quotes. */
    public VenueLog text(final String... frames) {
        for (final String frame : frames) {
            final byte[] bytes = ("{\"" + frame.replace('\'', '"') + "\"}").getBytes(StandardCharsets.UTF_8);
            venue.onText(bytes, 2, bytes.length - 4, 0, this);
        }
        return this;
    }

    Venue venue() {
        return venue;
    }

    /** Feeds a frame as it is. */
    void frame(final String frame) {
        final byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        venue.onText(bytes, 0, bytes.length, 0, this);
    }

    @Override
    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final long timeUs,
            final UpdateSlice slices) {
        final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
        final String topic = venue.channels().get(channel).name() + " " + name;
        final String time = timeUs == Long.MIN_VALUE ? "-" : Long.toString(timeUs);
        count(topic);
        lines.add("update " + topic + " " + time + " "
            + text(slices.publishedBuffer(), slices.publishedOffset(), slices.publishedLength()) + change(slices));
        values.add(new String(slices.publishedBuffer(), slices.publishedOffset(), slices.publishedLength(),
            StandardCharsets.UTF_8));
        payloads.add(text(slices.buffer, slices.payloadOffset, slices.payloadLength));
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        count(kind.name());
        lines.add(kind.name());
    }

    @Override
    public void onSymbolCollision(final byte[] symbol, final int offset, final int length) {
        lines.add("collision " + new String(symbol, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
        count("unmatched");
        lines.add("unmatched");
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        count("not json");
        lines.add("not json at " + errorAt);
    }

    /** Turns double quotes into single quotes. */
    private static String text(final byte[] buffer, final int offset, final int length) {
        return new String(buffer, offset, length, StandardCharsets.UTF_8).replace('"', '\'');
    }

    private void count(final String what) {
        counts.merge(what, 1, Integer::sum);
    }

    @Override
    public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
        count("undecodable");
        lines.add("undecodable: " + what);
    }

    @Override
    public void onBadNumber(final int channel, final byte[] frame, final int offset, final int length) {
        badNumbers++;
    }

    @Override
    public void onDuplicate(final int channel) {
        count("duplicate");
        lines.add("duplicate " + venue.channels().get(channel).name());
    }

    @Override
    public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final GapAction action,
            final long expected, final long got) {
        count("gap");
        final String topic = channel < 0 ? "connection"
            : venue.channels().get(channel).name() + " "
            + new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
        lines.add("gap " + topic + " " + action + " " + expected + " " + got);
    }

    /** {@code  DELTA [b 1.10 5, a 1.20 -]}. */
    private static String change(final UpdateSlice slices) {
        final String kind = slices.kind == UpdateKind.FULL ? "" : " " + slices.kind;
        if (slices.levels == null) {
            return kind;
        }
        final LevelBuffer levels = new LevelBuffer().wrap(slices.levels.buffer(), 0, slices.levels.length());
        final List<String> shown = new ArrayList<>();
        while (levels.next()) {
            shown.add((levels.side() == LevelBuffer.BID ? "b " : "a ")
                + text(levels.buffer(), levels.priceOffset(), levels.priceLength()) + " "
                + (levels.isRemoval() ? "-" : text(levels.buffer(), levels.sizeOffset(), levels.sizeLength())));
        }
        return kind + " " + shown;
    }
}
