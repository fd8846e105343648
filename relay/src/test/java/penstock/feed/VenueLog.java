package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import penstock.ring.Slices;

/** Keeps what a venue makes of frames: {@code update quote EURUSD 1636114682174000 {'bid':1.1}}, {@code ACK}, {@code unmatched}. */
final class VenueLog implements VenueEvents {
    final List<String> lines = new ArrayList<>();
    final List<String> payloads = new ArrayList<>();
    final Map<String, Integer> counts = new TreeMap<>();
    private final Venue venue;

    VenueLog(final Venue venue) {
        this.venue = venue;
    }

    /** Feeds frames, their single quotes made double, from inside a larger buffer, so that offsets matter. */
    VenueLog text(final String... frames) {
        for (final String frame : frames) {
            final byte[] bytes = ("{\"" + frame.replace('\'', '"') + "\"}").getBytes(StandardCharsets.UTF_8);
            venue.onText(bytes, 2, bytes.length - 4, 0, this);
        }
        return this;
    }

    @Override
    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final long timeUs,
            final Slices slices) {
        final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
        final String topic = venue.channels().get(channel).name() + " " + name;
        final String time = timeUs == Long.MIN_VALUE ? "-" : Long.toString(timeUs);
        count(topic);
        lines.add("update " + topic + " " + time + " "
            + text(slices.buffer, slices.valueOffset, slices.valueLength));
        payloads.add(text(slices.buffer, slices.payloadOffset, slices.payloadLength));
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        count(kind.name());
        lines.add(kind.name());
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

    /** Double quotes made single. */
    private static String text(final byte[] buffer, final int offset, final int length) {
        return new String(buffer, offset, length, StandardCharsets.UTF_8).replace('"', '\'');
    }

    private void count(final String what) {
        counts.merge(what, 1, Integer::sum);
    }
}
