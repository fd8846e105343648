package penstock.bench.jmh;

import java.nio.charset.StandardCharsets;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;

/**
 * An order book and changes of it, as a venue's rules read them. Levels near the best change most: some come, some go.
 */
final class BookChanges {
    private BookChanges() {
    }

    /** {@code depth} levels of each side. */
    static UpdateSlice snapshot(final int depth) {
        final UpdateSlice slices = slices(UpdateKind.SNAPSHOT);
        for (int i = 0; i < depth; i++) {
            add(slices.levels, LevelBuffer.BID, 63_000_00 - 2 * i, i);
            add(slices.levels, LevelBuffer.ASK, 63_001_00 + 2 * i, i);
        }
        return slices;
    }

    /**
     * Change {@code i}: two levels of each side, among its first {@code places}; what stands between them comes and
     * goes.
     */
    static UpdateSlice change(final int i, final int places) {
        final UpdateSlice slices = slices(UpdateKind.DELTA);
        for (int n = 0; n < 2; n++) {
            final int place = (i * 7 + n * 13) % places;
            final int between = (i + n) % 3 == 0 ? 1 : 0;
            final int size = between == 1 && (i & 1) == 0 ? -1 : i + n;
            add(slices.levels, LevelBuffer.BID, 63_000_00 - 2 * place - between, size);
            add(slices.levels, LevelBuffer.ASK, 63_001_00 + 2 * place + between, size);
        }
        return slices;
    }

    private static UpdateSlice slices(final UpdateKind kind) {
        final UpdateSlice slices = new UpdateSlice().set(new byte[0], 0, 0, 0, 0);
        slices.kind = kind;
        slices.levels = new LevelBuffer();
        return slices;
    }

    /** A negative size removes. */
    private static void add(final LevelBuffer levels, final int side, final int cents, final int size) {
        final byte[] price = ascii(String.format("%d.%02d", cents / 100, cents % 100));
        final byte[] text = ascii(size < 0 ? "" : String.format("%d.%08d", size / 100, 1 + size % 100));
        levels.add(side, price, 0, price.length, text, 0, text.length);
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
