package penstock.feed;

import penstock.feed.json.JsonScanner;
import penstock.feed.json.JsonType;
import penstock.feed.json.Utf8;
import penstock.feed.rules.Bindings;
import penstock.feed.rules.ByteTable;
import penstock.feed.rules.Expression;
import penstock.feed.rules.Scope;
import penstock.feed.rules.Text;
import penstock.feed.rules.TimeUnit;
import penstock.ring.Levels;
import penstock.ring.Slices;
import penstock.ring.UpdateKind;

/**
 * Reads snapshots of order books as they come over HTTP: {@code {"lastUpdateId":1,"bids":[["1.10","5"]],"asks":[…]}}. Strict: what is
 * not wholly as expected is no snapshot. Prices and sizes stay the bytes they came as.
 * Owned by the feed thread.
 */
final class BookSnapshot {
    private final BookProcedure procedure;
    private final JsonScanner scanner;
    private final Scope scope;
    private final Expression number;
    private final Expression time;
    private final Expression[] sides;
    private final BookRule rule;
    private final Text text = new Text();
    private final Levels levels = new Levels();
    private final Slices slices = new Slices();
    private long lastNumber;
    private long timeUs;

    BookSnapshot(final BookProcedure procedure) {
        this.procedure = procedure;
        final Bindings bindings = new Bindings();
        number = Expression.compilePointer("$" + procedure.number(), bindings);
        time = Expression.compilePointer("$" + procedure.time(), bindings);
        final Expression bids = Expression.compilePointer("$/bids", bindings);
        final Expression asks = Expression.compilePointer("$/asks", bindings);
        sides = new Expression[] {bids, asks};
        final Bindings rows = bindings.inElements();
        final Expression price = Expression.compilePointer("@/0", rows);
        final Expression size = Expression.compilePointer("@/1", rows);
        final JsonScanner walker = rows.walker();
        final Expression[] none = {};
        rule = new BookRule(BookSpec.NONE, null, new BookRule.Places(new Expression[] {bids}, new Expression[] {asks}, none, none),
            new BookRule.Row(walker, rows.scope(walker), price, size, null, false, null, null), new ByteTable<>());
        scope = bindings.scope(null);
        scanner = bindings.scanner();
    }

    /** Null when it is a snapshot, else what is wrong with it. */
    String read(final byte[] body) {
        if (Utf8.errorAt(body, 0, body.length) >= 0 || !scanner.scan(body, 0, body.length)) {
            return "is no JSON";
        }
        lastNumber = number.read(scope, text) ? Sequences.number(text) : Sequences.NONE;
        if (lastNumber == Sequences.NONE) {
            return "has no number at " + procedure.number();
        }
        for (final Expression side : sides) {
            if (side.type(scope) != JsonType.ARRAY) {
                return "has no bids or no asks";
            }
        }
        timeUs = time.read(scope, text) ? unit().micros(text.bytes(), text.offset(), text.length()) : TimeUnit.NONE;
        rule.read(scope, text, UpdateKind.SNAPSHOT, levels);
        if (rule.badLevels() > 0) {
            return "has rows that are not a price and a size";
        }
        slices.set(body, 0, body.length, 0, body.length);
        slices.update = UpdateKind.SNAPSHOT;
        slices.levels = levels;
        return null;
    }

    /** The number of the last change that it contains. */
    long lastNumber() {
        return lastNumber;
    }

    /** The venue's own time of it, {@code Long.MIN_VALUE} when it gives none. */
    long timeUs() {
        return timeUs;
    }

    /** The book; until the next is read. */
    Slices slices() {
        return slices;
    }

    private TimeUnit unit() {
        return procedure == BookProcedure.BITSTAMP ? TimeUnit.US : TimeUnit.MS;
    }
}
