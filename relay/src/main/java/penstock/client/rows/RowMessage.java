package penstock.client.rows;

import penstock.client.value.CharRanges;
import penstock.client.value.FieldCursor;
import penstock.client.value.JsonCursor;
import penstock.client.value.JsonWriter;
import penstock.client.value.MessageEntry;
import penstock.client.value.TextSlot;

/**
 * An update as rows, read in place and in one pass: the places of all values are noted, so that nothing of a message is
 * applied whose sequences do not add up. What is not of the grammar throws {@link IllegalArgumentException}.
 *
 * <p>Owned by the client's thread. Source: relay/docs/reference/protocol.md#rows.
 */
public final class RowMessage implements MessageEntry {
    private static final int MAX_DIGITS = 18;
    /** Instead of a mask: the value, and the names of removed fields, are places of their own. */
    private static final int WHOLE = -1;
    private static final int ABSENT = -1;

    private final TextSlot text = new TextSlot();
    private final JsonCursor json = new JsonCursor();
    private final FieldCursor fields = new FieldCursor();
    private final RowPlaces places = new RowPlaces();
    private RowTable table = new RowTable();
    private int at;
    private int end;
    private int subTo;
    private long tsUs;
    private long p;
    /** The entry that is shown, its field, and the columns that are still to come. */
    private int entry;
    private int value;
    private int column;
    private int rest;

    /** Whether a message is one of rows. */
    public static boolean isRows(final CharSequence message) {
        return message.length() > 0 && message.charAt(0) == '[';
    }

    /** Begins a message: its subscription is known, which has what the rest is read by. */
    public void open(final CharSequence message) {
        text.set(message);
        at = 0;
        end = text.length();
        expect('[');
        if (at == end || chars()[at] != '"') {
            throw bad("a subscription");
        }
        at = json.endOf(chars(), at, end);
        subTo = at - 1;
    }

    /** Whether it is of that subscription. */
    public boolean isNamed(final String sub) {
        return CharRanges.equal(chars(), 2, subTo, sub);
    }

    /**
     * Reads the rest. False if the sequences do not add up to the sum of the message, or if a topic was not announced:
     * then nothing of it counts.
     */
    public boolean read(final RowTable announced) {
        table = announced;
        places.clear();
        entry = ABSENT;
        tsUs = nextNumber();
        p = nextNumber();
        long left = nextNumber();
        while (at < end && chars()[at] == ',') {
            at++;
            expect('[');
            final RowTopic topic = table.topic((int) number());
            if (topic == null) {
                return false;
            }
            readEntry(topic);
            left -= topic.q;
        }
        expect(']');
        if (at < end) {
            throw bad("the end");
        }
        return left == 0;
    }

    private void readEntry(final RowTopic topic) {
        final long count = nextNumber();
        if (count < 1) {
            throw bad("a count");
        }
        topic.q += count;
        final int read = places.add(topic.symbol, topic.q, count - 1);
        expect(',');
        if (isNext('n')) {
            at = json.endOf(chars(), at, end);
        } else {
            places.times[read] = tsUs - number();
        }
        expect(',');
        if (isNext('"')) {
            final int first = at;
            at = json.endOf(chars(), at, end);
            places.states[read] = CharRanges.equal(chars(), first + 1, at - 1, "closed") ? "closed" : "stale";
            expect(',');
        }
        if (isNext('{')) {
            readWhole(read);
        } else {
            readRow(read);
        }
        expect(']');
    }

    private void readRow(final int read) {
        final int mask = readMask();
        places.masks[read] = mask;
        for (int i = Integer.bitCount(mask); i > 0; i--) {
            expect(',');
            // a venue may have put blanks before its value
            while (at < end && chars()[at] <= ' ') {
                at++;
            }
            final int first = at;
            at = json.endOf(chars(), at, end);
            places.addValue(first, at);
        }
        if (isNext(',')) {
            at++;
            places.removed[read] = readMask();
        }
    }

    private int readMask() {
        final long mask = number();
        if (mask < 0 || mask >>> table.columns() != 0) {
            throw bad("columns that were announced");
        }
        return (int) mask;
    }

    private void readWhole(final int read) {
        final int first = at;
        at = json.endOf(chars(), at, end);
        places.masks[read] = WHOLE;
        json.enterObject(chars(), first, at);
        while (json.nextMember()) {
            if (json.isNamed(places.valuesOf(read) == 0 ? "v" : "removed")) {
                places.addValue(json.from(), json.to());
            }
        }
        if (places.valuesOf(read) == 0) {
            throw bad("a value");
        }
        places.removed[read] = places.valuesOf(read) - 1;
    }

    // ---- characters

    private boolean isNext(final char c) {
        return at < end && chars()[at] == c;
    }

    private void expect(final char c) {
        if (!isNext(c)) {
            throw bad("'" + c + "'");
        }
        at++;
    }

    private long nextNumber() {
        expect(',');
        return number();
    }

    private long number() {
        final char[] in = chars();
        final boolean isNegative = isNext('-');
        at += isNegative ? 1 : 0;
        final int first = at;
        long number = 0;
        while (at < end && in[at] >= '0' && in[at] <= '9') {
            number = 10 * number + in[at] - '0';
            at++;
        }
        if (at == first || at - first > MAX_DIGITS) {
            throw bad("a number");
        }
        return isNegative ? -number : number;
    }

    private IllegalArgumentException bad(final String expected) {
        return new IllegalArgumentException("no rows at character " + at + ": " + expected + " expected");
    }

    // ---- what is read

    /** Position. */
    public long p() {
        return p;
    }

    /** Moves to the next entry; false after the last one. */
    public boolean nextEntry() {
        entry++;
        return entry < places.entries();
    }

    @Override
    public boolean isImage() {
        return false;
    }

    @Override
    public long tsUs() {
        return tsUs;
    }

    @Override
    public long epoch() {
        return 0;
    }

    @Override
    public String symbol() {
        return places.symbols[entry];
    }

    @Override
    public int symbolHash() {
        return places.symbols[entry].hashCode();
    }

    @Override
    public boolean isOf(final String symbol) {
        return places.symbols[entry].equals(symbol);
    }

    @Override
    public long q() {
        return places.sequences[entry];
    }

    @Override
    public long c() {
        return places.conflated[entry];
    }

    @Override
    public long timeUs() {
        return places.times[entry];
    }

    @Override
    public String state() {
        return places.states[entry];
    }

    @Override
    public boolean isObject() {
        return !isWhole() || chars()[valueFrom()] == '{';
    }

    @Override
    public void appendValue(final StringBuilder out) {
        if (isWhole()) {
            out.append(chars(), valueFrom(), valueTo() - valueFrom());
            return;
        }
        char before = '{';
        enterFields();
        while (nextField()) {
            JsonWriter.string(out.append(before), fieldName()).append(':')
                .append(chars(), fieldFrom(), fieldTo() - fieldFrom());
            before = ',';
        }
        out.append(before == '{' ? "{}" : "}");
    }

    @Override
    public char[] chars() {
        return text.chars();
    }

    @Override
    public int valueFrom() {
        return places.from[places.firsts[entry]];
    }

    @Override
    public int valueTo() {
        return places.to[places.firsts[entry]];
    }

    private boolean isWhole() {
        return places.masks[entry] == WHOLE;
    }

    @Override
    public void enterFields() {
        if (isWhole()) {
            fields.enterObject(chars(), valueFrom(), valueTo());
        } else {
            rest = places.masks[entry];
            value = places.firsts[entry] - 1;
        }
    }

    @Override
    public boolean nextField() {
        if (isWhole()) {
            return fields.nextField();
        }
        value++;
        return nextColumn();
    }

    @Override
    public void enterRemoved() {
        if (!isWhole()) {
            rest = places.removed[entry];
        } else if (places.removed[entry] > 0) {
            fields.enterNames(chars(), places.from[places.firsts[entry] + 1], places.to[places.firsts[entry] + 1]);
        }
    }

    @Override
    public boolean nextRemoved() {
        return isWhole() ? places.removed[entry] > 0 && fields.nextName() : nextColumn();
    }

    private boolean nextColumn() {
        if (rest == 0) {
            return false;
        }
        column = Integer.numberOfTrailingZeros(rest);
        rest &= rest - 1;
        return true;
    }

    @Override
    public boolean isField(final String name) {
        return isWhole() ? fields.isNamed(name) : table.column(column).equals(name);
    }

    @Override
    public String fieldName() {
        return isWhole() ? fields.name() : table.column(column);
    }

    @Override
    public int fieldFrom() {
        return isWhole() ? fields.from() : places.from[value];
    }

    @Override
    public int fieldTo() {
        return isWhole() ? fields.to() : places.to[value];
    }
}
