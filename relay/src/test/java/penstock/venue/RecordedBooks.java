package penstock.venue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.venue.TrueBook.Level;

/** The order books of a recording, read with another parser. */
public final class RecordedBooks {
    /** One message about a book. */
    public record Change(String symbol, boolean isWhole, List<Level> levels) {
    }

    private RecordedBooks() {
    }

    /** In the order in which they came. */
    public static List<Change> of(final BookFormat venue, final RecordedFeed feed) {
        final Map<String, String> books = new HashMap<>();
        final List<Change> changes = new ArrayList<>();
        for (final byte[] frame : feed.frames()) {
            if (frame[0] != '{' && frame[0] != '[') {
                continue;
            }
            final JsonTree tree = JsonTree.of(frame);
            switch (venue) {
                case KRAKEN_V1 -> krakenV1(tree, changes);
                case KRAKEN_V2 -> tree.list("data").stream().filter(row -> row.has("bids")).forEach(row -> changes.add(
                    new Change(row.text("symbol"), tree.text("type").equals("snapshot"),
                    both(row, "bids", "asks", "price", "qty"))));
                case OKX -> tree.list("data").stream().filter(row -> row.has("bids")).forEach(row -> changes.add(
                    new Change(tree.text("arg", "instId"), tree.text("action").equals("snapshot"),
                    both(row, "bids", "asks", 0, 1))));
                default -> bitfinex(tree, books, changes);
            }
        }
        return changes;
    }

    private static void krakenV1(final JsonTree tree, final List<Change> changes) {
        if (tree.isList() && tree.text(-2).startsWith("book")) {
            final boolean isWhole = tree.has(1, "as");
            final List<Level> levels = new ArrayList<>();
            for (int i = 1; tree.at(i).has("as") || tree.at(i).has("a") || tree.at(i).has("b"); i++) {
                levels.addAll(isWhole ? both(tree.at(i), "bs", "as", 0, 1) : both(tree.at(i), "b", "a", 0, 1));
            }
            changes.add(new Change(tree.text(-1), isWhole, levels));
        }
    }

    private static void bitfinex(final JsonTree tree, final Map<String, String> books, final List<Change> changes) {
        if (tree.text("channel").equals("book")) {
            books.put(tree.text("chanId"), tree.text("symbol"));
        } else if (books.containsKey(tree.text(0)) && tree.at(1).isList()) {
            final boolean isWhole = tree.at(1, 0).isList();
            final List<Level> levels = new ArrayList<>();
            for (final JsonTree row : isWhole ? tree.list(1) : List.of(tree.at(1))) {
                final String amount = row.text(2);
                levels.add(new Level(!amount.startsWith("-"), row.text(0), row.text(1).equals("0") ? "0"
                    : amount.replace("-", "")));
            }
            changes.add(new Change(books.get(tree.text(0)), isWhole, levels));
        }
    }

    private static List<Level> both(final JsonTree row, final String bids, final String asks, final Object price,
            final Object size) {
        final List<Level> levels = new ArrayList<>();
        row.list(bids).forEach(level -> levels.add(new Level(true, level.text(price), level.text(size))));
        row.list(asks).forEach(level -> levels.add(new Level(false, level.text(price), level.text(size))));
        return levels;
    }
}
