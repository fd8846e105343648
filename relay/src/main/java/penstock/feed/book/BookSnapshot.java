package penstock.feed.book;

import penstock.json.JsonScanner;
import penstock.json.JsonType;
import penstock.json.Utf8;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.venue.SequenceTracker;
import penstock.venue.book.BookProcedure;
import penstock.venue.book.BookRule;
import penstock.venue.book.BookSpec;
import penstock.venue.book.KnownLevels;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;
import penstock.venue.rule.PointerBindings;
import penstock.venue.rule.VenueTimeUnit;

/**
 * Reads snapshots of order books that were asked for: {@code {"lastUpdateId":1,"bids":[["1.10","5"]],"asks":[…]}}, or
 * with their parts elsewhere. Strict: a body that differs in any way is not accepted. Prices and sizes keep their
 * digits. Owned by the feed thread.
 */
final class BookSnapshot {
    private final BookProcedure.Answer answer;
    private final JsonScanner scanner;
    private final EvaluationScope scope;
    private final Expression number;
    private final Expression time;
    private final Expression[] sides;
    private final BookRule rule;
    private final ByteSlice text = new ByteSlice();
    private final LevelBuffer levels = new LevelBuffer();
    private final UpdateSlice slices = new UpdateSlice();
    private long lastNumber;
    private long timeUs;

    BookSnapshot(final BookProcedure procedure) {
        answer = procedure.answer();
        final PointerBindings bindings = new PointerBindings();
        number = Expression.compile(answer.number(), bindings);
        time = answer.time() == null ? null : Expression.compile(answer.time().at(), bindings);
        final Expression bids = Expression.compilePointer(answer.bids(), bindings);
        final Expression asks = Expression.compilePointer(answer.asks(), bindings);
        sides = new Expression[] {bids, asks};
        final PointerBindings rows = bindings.inElements();
        final Expression price = Expression.compilePointer("@/" + answer.level().get(0), rows);
        final Expression size = Expression.compilePointer("@/" + answer.level().get(1), rows);
        final Expression id = answer.id() == null ? null : Expression.compilePointer(answer.id(), rows);
        final JsonScanner walker = rows.walker();
        final Expression[] none = {};
        rule = new BookRule(BookSpec.NONE, null,
            new BookRule.Places(new Expression[] {bids}, new Expression[] {asks}, none, none),
            new BookRule.Row(walker, rows.scope(walker), BookRule.Columns.ofBoth(price, size), null, id, null,
                id == null ? null : BookRule.OrderSize.SET), new KnownLevels());
        scope = bindings.scope(null);
        scanner = bindings.scanner();
    }

    /** Null if the body is a snapshot, else the problem. */
    String read(final byte[] body) {
        if (Utf8.errorAt(body, 0, body.length) >= 0 || !scanner.scan(body, 0, body.length)) {
            return "is no JSON";
        }
        lastNumber = number.read(scope, text) ? SequenceTracker.number(text) : SequenceTracker.NONE;
        if (lastNumber == SequenceTracker.NONE) {
            return "has no number at " + answer.number();
        }
        for (final Expression side : sides) {
            if (side.type(scope) != JsonType.ARRAY) {
                return "has no bids or no asks";
            }
        }
        timeUs = time != null && time.read(scope, text)
            ? answer.time().unit().plausibleMicros(text.bytes(), text.offset(), text.length()) : VenueTimeUnit.NONE;
        rule.read(scope, text, UpdateKind.SNAPSHOT, levels);
        if (rule.badLevels() > 0) {
            return answer.id() == null ? "has rows that are not a price and a size" : "has rows that are no orders";
        }
        slices.set(body, 0, body.length, 0, body.length);
        slices.kind = UpdateKind.SNAPSHOT;
        slices.levels = levels;
        return null;
    }

    /** The number of the last change that the snapshot contains. */
    long lastNumber() {
        return lastNumber;
    }

    /** The venue's time, {@code Long.MIN_VALUE} without one. */
    long timeUs() {
        return timeUs;
    }

    /** The book, until the next one is read. */
    UpdateSlice slices() {
        return slices;
    }
}
