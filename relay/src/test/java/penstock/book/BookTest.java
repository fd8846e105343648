package penstock.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;

class BookTest {
    private final Book book = new Book();
    private final LevelBuffer reader = new LevelBuffer();

    @Test
    void shouldSortBothSidesBestFirstAndKeepSizesDigitForDigit() {
        apply(UpdateKind.SNAPSHOT, 1, "b 9.5 1.00", "b 10 2", "a 11 3e0", "a 10.50 4", "b 9.50 \"5.0\"");
        assertThat(text(book.bids())).isEqualTo("10:2@1 9.50:\"5.0\"@1");
        assertThat(text(book.asks())).isEqualTo("10.50:4@1 11:3e0@1");
    }

    @Test
    void shouldChangeOnlyDifferentLevelsInASnapshotToo() {
        apply(UpdateKind.SNAPSHOT, 1, "b 10 2", "b 9 1", "b 8 1");
        apply(UpdateKind.SNAPSHOT, 2, "b 10 2", "b 8 7");
        assertThat(text(book.bids())).isEqualTo("10:2@1 9:-@2 8:7@2");
        apply(UpdateKind.DELTA, 3, "b 8 0.000", "b 7 0", "b 9.0 3");
        assertThat(text(book.bids())).isEqualTo("10:2@1 9.0:3@3 8:-@3");
        apply(UpdateKind.REMOVE, 4);
        assertThat(text(book.bids())).isEqualTo("10:-@4 9.0:-@4 8:-@3");
    }

    @Test
    void shouldPruneTheOlderHalfOfTooManyTombstones() {
        for (int i = 1; i <= 66; i++) {
            apply(UpdateKind.DELTA, i, "a " + i + " 1");
            apply(UpdateKind.DELTA, 100 + i, "a " + i + " 0");
            assertThat(book.pruned()).isEqualTo(i <= 64 ? 0 : 132);
        }
        assertThat(book.asks().count()).isEqualTo(34);
        apply(UpdateKind.DELTA, 200, "a 1 1", "a 70 2");
        assertThat(text(book.asks())).startsWith("1:1@200 33:-@133 ").endsWith("66:-@166 70:2@200");
    }

    @Test
    void shouldGrowForLongNumbersAndManyLevels() {
        for (int i = 0; i < 300; i++) {
            apply(UpdateKind.DELTA, i + 1, "b " + i + ".0" + "0".repeat(i % 50) + " " + "1".repeat(1 + i % 100));
        }
        assertThat(book.bids().live()).isEqualTo(300);
        assertThat(text(book.bids())).startsWith("299.0" + "0".repeat(49) + ":" + "1".repeat(100) + "@300 298.0")
            .endsWith(" 1.00:11@2 0.0:1@1");
    }

    @Test
    void shouldReportLevelsThatFallOutOfTheDepth() {
        final UpstreamBook upstream = new UpstreamBook(2);
        final LevelBuffer levels = levels("b 3 1", "b 2 1", "a 4 1", "a 5 1");
        upstream.apply(UpdateKind.SNAPSHOT, levels);
        assertThat(count(levels)).isEqualTo(4);
        final LevelBuffer better = levels("b 3.5 1", "a 6 9");
        upstream.apply(UpdateKind.DELTA, better);
        assertThat(text(upstream.book().bids())).isEqualTo("3.5:1@2 3:1@1 2:-@2");
        assertThat(count(better)).isEqualTo(4);
        apply(UpdateKind.SNAPSHOT, 1, "b 3 1", "b 2 1", "a 4 1", "a 5 1");
        book.apply(UpdateKind.DELTA, reader.wrap(better.buffer(), 0, better.length()), 2);
        assertThat(text(book.bids())).isEqualTo("3.5:1@2 3:1@1 2:-@2");
        assertThat(text(book.asks())).startsWith("4:1@1 5:1@1");
        assertThat(book.asks().live()).isEqualTo(2);
    }

    @Test
    void shouldRejectAPriceThatIsNotANumber() {
        assertThatThrownBy(() -> apply(UpdateKind.DELTA, 1, "b x 1")).hasMessage("price is not a number");
    }

    @Test
    void shouldConflateChangesPerPriceAndKeepRemovals() {
        final BookConflator conflator = new BookConflator();
        assertThat(conflated(conflator, "DELTA")).isEmpty();
        add(conflator, UpdateKind.DELTA, "b 1 1", "b 2 0", "a 3 1");
        add(conflator, UpdateKind.DELTA, "b 1.0 5", "a 3 0", "a 3.5 2");
        assertThat(conflated(conflator, "DELTA")).isEqualTo("b 2 -, b 1.0 5, a 3 -, a 3.5 2");
        add(conflator, UpdateKind.SNAPSHOT, "b 7 7");
        add(conflator, UpdateKind.DELTA, "b 8 8");
        assertThat(conflated(conflator, "SNAPSHOT")).isEqualTo("b 8 8, b 7 7");
        add(conflator, UpdateKind.REMOVE);
        assertThat(conflated(conflator, "REMOVE")).isEmpty();
        add(conflator, UpdateKind.DELTA, "b 8 8");
        assertThat(conflated(conflator, "SNAPSHOT")).isEqualTo("b 8 8");
        assertThat(conflator.fits(5)).isTrue();
        assertThat(conflator.fits(4)).isFalse();
        conflator.clear();
        assertThat(conflated(conflator, "DELTA")).isEmpty();
    }

    private static void add(final BookConflator conflator, final UpdateKind kind, final String... levels) {
        final UpdateSlice slices = new UpdateSlice();
        slices.kind = kind;
        slices.levels = levels(levels);
        conflator.add(slices);
    }

    private String conflated(final BookConflator conflator, final String kind) {
        final UpdateSlice slices = new UpdateSlice();
        conflator.writeTo(slices);
        assertThat(slices.kind).hasToString(kind);
        final StringBuilder text = new StringBuilder();
        reader.wrap(slices.levels.buffer(), 0, slices.levels.length());
        while (reader.next()) {
            text.append(text.isEmpty() ? "" : ", ").append(reader.side() == LevelBuffer.BID ? "b " : "a ")
                .append(string(reader.buffer(), reader.priceOffset(), reader.priceLength())).append(' ')
                .append(reader.isRemoval() ? "-" : string(reader.buffer(), reader.sizeOffset(), reader.sizeLength()));
        }
        return text.toString();
    }

    private int count(final LevelBuffer levels) {
        int count = 0;
        reader.wrap(levels.buffer(), 0, levels.length());
        while (reader.next()) {
            count++;
        }
        return count;
    }

    private void apply(final UpdateKind kind, final long version, final String... levels) {
        final LevelBuffer written = levels(levels);
        book.apply(kind, reader.wrap(written.buffer(), 0, written.length()), version);
    }

    /** Each "side price size". */
    private static LevelBuffer levels(final String... texts) {
        final LevelBuffer levels = new LevelBuffer();
        for (final String text : texts) {
            final String[] parts = text.split(" ");
            final byte[] bytes = (parts[1] + parts[2]).getBytes(StandardCharsets.US_ASCII);
            levels.add(parts[0].equals("b") ? LevelBuffer.BID : LevelBuffer.ASK, bytes, 0, parts[1].length(), bytes,
                parts[1].length(),
                parts[2].length());
        }
        return levels;
    }

    private static String text(final BookSide side) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < side.count(); i++) {
            final int level = side.slot(i);
            text.append(i == 0 ? "" : " ").append(string(side.text(), side.priceOffset(level), side.priceLength(level)))
                .append(':')
                .append(side.isLive(level) ? string(side.text(), side.sizeOffset(level), side.sizeLength(level)) : "-")
                .append('@')
                .append(side.changed(level));
        }
        return text.toString();
    }

    private static String string(final byte[] bytes, final int offset, final int length) {
        return new String(bytes, offset, length, StandardCharsets.US_ASCII);
    }
}
