package penstock.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import penstock.ring.UpdateSlice;
import penstock.testkit.OnlyUpdates;
import penstock.testkit.ParsedJson;
import penstock.venue.Recordings;
import penstock.venue.Venue;
import penstock.venue.generated.GeneratedRecording;

/**
 * Frames of a venue, one after the other, by each shipped venue file: whatever comes is interpreted or counted, a value
 * is JSON, and levels lie inside their bytes. The first byte of an input chooses the venue, a zero byte ends a frame.
 */
public final class VenueFuzz {
    private static final List<String> NAMES = GeneratedRecording.venues();
    private static final int FRAMES_OF_A_VENUE = 12;
    private static final byte END_OF_FRAME = 0;

    private VenueFuzz() {
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(final byte[] input) {
        if (input.length == 0) {
            return;
        }
        final Venue venue = Venue.load(NAMES.get((input[0] & 0xff) % NAMES.size()), variable -> "x");
        final Values values = new Values();
        for (int from = 1; from <= input.length;) {
            int to = from;
            while (to < input.length && input[to] != END_OF_FRAME) {
                to++;
            }
            final byte[] frame = Arrays.copyOfRange(input, from, to);
            venue.onText(frame, 0, frame.length, 0, values);
            from = to + 1;
        }
    }

    static List<byte[]> examples() {
        final List<byte[]> examples = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            final List<byte[]> frames = Recordings.generated(NAMES.get(i)).frames();
            for (int from = 0; from < Math.min(frames.size(), FRAMES_OF_A_VENUE); from += 3) {
                final StringBuilder text = new StringBuilder().append((char) i);
                frames.subList(from, Math.min(from + 3, frames.size())).forEach(frame -> text
                    .append(new String(frame, StandardCharsets.ISO_8859_1)).append((char) END_OF_FRAME));
                examples.add(text.toString().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return examples;
    }

    /** Reads each update as the relay would forward it. */
    private static final class Values extends OnlyUpdates {
        @Override
        public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final long timeUs, final UpdateSlice slices) {
            if (slices.levels == null) {
                ParsedJson.parse(new String(slices.buffer, slices.valueOffset, slices.valueLength,
                    StandardCharsets.UTF_8));
            } else {
                while (slices.levels.next()) {
                    ParsedJson.parse(new String(slices.levels.buffer(), slices.levels.priceOffset(),
                        slices.levels.priceLength(), StandardCharsets.UTF_8));
                    ParsedJson.parse(new String(slices.levels.buffer(), slices.levels.sizeOffset(),
                        slices.levels.sizeLength(), StandardCharsets.UTF_8));
                }
            }
        }
    }
}
