package penstock.client.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A message of a relay, read in place: its parts by name, and the entries of its data one after the other. Parts that
 * it does not know are passed over, as the protocol asks for. What is no JSON throws {@link IllegalArgumentException}.
 *
 * <p>Owned by the client's thread.
 */
public final class RelayMessage implements MessageEntry {
    /** A part of a message. */
    public enum Part {
        /** Which message it is. */
        TYPE("type"),
        /** The name of the subscription. */
        SUB("sub"),
        /** The request that it answers. */
        ID("id"),
        /** When the relay began the flush, in microseconds since 1970. */
        TS("ts"),
        /** Start of the relay. */
        EPOCH("epoch"),
        /** Position. */
        P("p"),
        /** The last piece. */
        LAST("last"),
        /** The relay went on at a position. */
        RESUMED("resumed"),
        /** What a snapshot replaces. */
        REPLACES("replaces"),
        /** Entries. */
        DATA("data"),
        /** Of rows: the names of fields by their bits. */
        COLUMNS("columns"),
        /** Of rows: symbols by their numbers. */
        TOPICS("topics"),
        /** Symbols that a status is about. */
        SYMBOLS("symbols"),
        /** Whether a status is about the feed or symbols. */
        SCOPE("scope"),
        /** What a status reports. */
        STATE("state"),
        /** Why. */
        REASON("reason"),
        /** A feed, or its name. */
        FEED("feed"),
        /** All feeds. */
        FEEDS("feeds"),
        /** Updates that a gap counts. */
        MISSED("missed"),
        /** Of an error, as of HTTP. */
        STATUS("status"),
        /** Of an error. */
        CODE("code"),
        /** Of an error, for people. */
        MESSAGE("message"),
        /** The request may be sent again. */
        RETRY("retry"),
        /** When, in ms. */
        RETRY_AFTER("retryAfter"),
        /** Hints for people. */
        WARNINGS("warnings"),
        /** Limits of the session. */
        LIMITS("limits"),
        /** Ms between two signs of life. */
        HEARTBEAT("heartbeat"),
        /** Of a limit. */
        MIN_INTERVAL("minInterval"),
        /** Of a limit. */
        MAX_INTERVAL("maxInterval");

        private static final Part[] ALL = values();

        private final String name;

        Part(final String name) {
            this.name = name;
        }
    }

    private static final int ABSENT = -1;

    private final JsonCursor members = new JsonCursor();
    private final JsonCursor entries = new JsonCursor();
    private final JsonCursor entry = new JsonCursor();
    private final FieldCursor fields = new FieldCursor();
    private final TextSlot text = new TextSlot();
    private final int[] from = new int[Part.ALL.length];
    private final int[] to = new int[Part.ALL.length];
    private int symbolFrom;
    private int symbolTo;
    private int valueFrom;
    private int valueTo;
    private int removedFrom;
    private int removedTo;
    private int stateFrom;
    private int stateTo;
    /** Null without an escape. */
    private String decodedSymbol;
    private long q;
    private long c;
    private long timeUs;

    /** Reads the parts of a message. */
    public void read(final CharSequence message) {
        text.set(message);
        readParts(0, text.length());
        members.expectEnd();
    }

    /** Reads the parts of an object inside a message, such as the limits of a welcome. */
    public void readInside(final RelayMessage message, final Part part) {
        if (!message.has(part)) {
            throw new IllegalArgumentException("a message without " + part.name);
        }
        text.set(message.text.chars(), message.from[part.ordinal()], message.to[part.ordinal()]);
        readParts(0, text.length());
    }

    private void readParts(final int first, final int last) {
        Arrays.fill(from, ABSENT);
        members.enterObject(text.chars(), first, last);
        while (members.nextMember()) {
            for (final Part part : Part.ALL) {
                if (members.isNamed(part.name)) {
                    from[part.ordinal()] = members.from();
                    to[part.ordinal()] = members.to();
                    break;
                }
            }
        }
    }

    /** Whether it has the part. */
    public boolean has(final Part part) {
        return from[part.ordinal()] != ABSENT;
    }

    /** Whether the part is the string {@code expected}. */
    public boolean is(final Part part, final String expected) {
        final int at = from[part.ordinal()];
        return at != ABSENT && CharRanges.isString(text.chars(), at, to[part.ordinal()])
            && CharRanges.equal(text.chars(), at + 1, to[part.ordinal()] - 1, expected);
    }

    /** Whether the part is {@code true}. */
    public boolean isTrue(final Part part) {
        return has(part) && CharRanges.equal(text.chars(), from[part.ordinal()], to[part.ordinal()], "true");
    }

    /** The part as a whole number; 0 if it is not there. */
    public long number(final Part part) {
        return has(part) ? CharRanges.whole(text.chars(), from[part.ordinal()], to[part.ordinal()]) : 0;
    }

    /** The content of a string, or the JSON of another value; null if it is not there. */
    public String text(final Part part) {
        return has(part) ? CharRanges.content(text.chars(), from[part.ordinal()], to[part.ordinal()]) : null;
    }

    /** The elements of an array, as {@link #text} has them; none if it is not there. */
    public List<String> texts(final Part part) {
        final List<String> texts = new ArrayList<>();
        if (has(part)) {
            entries.enterArray(text.chars(), from[part.ordinal()], to[part.ordinal()]);
            while (entries.nextElement()) {
                texts.add(CharRanges.content(text.chars(), entries.from(), entries.to()));
            }
        }
        return texts;
    }

    /** Goes to the data, before its first entry. */
    public void enterData() {
        enter(Part.DATA, entries);
    }

    /** Has {@code array} go into an array of the message. */
    public void enter(final Part part, final JsonCursor array) {
        if (!has(part)) {
            throw new IllegalArgumentException("a message without " + part.name);
        }
        array.enterArray(text.chars(), from[part.ordinal()], to[part.ordinal()]);
    }

    /** Reads the next entry; false after the last one. */
    public boolean nextEntry() {
        if (!entries.nextElement()) {
            return false;
        }
        symbolFrom = ABSENT;
        valueFrom = ABSENT;
        removedFrom = ABSENT;
        stateFrom = ABSENT;
        q = ABSENT;
        c = 0;
        timeUs = 0;
        entry.enterObject(text.chars(), entries.from(), entries.to());
        while (entry.nextMember()) {
            readMember();
        }
        if (symbolFrom == ABSENT || valueFrom == ABSENT || q < 0 || c < 0) {
            throw new IllegalArgumentException("an entry without a symbol, a sequence or a value");
        }
        decodedSymbol = CharRanges.hasEscape(text.chars(), symbolFrom, symbolTo)
            ? CharRanges.decoded(text.chars(), symbolFrom, symbolTo) : null;
        return true;
    }

    private void readMember() {
        if (entry.isNamed("s")) {
            if (!CharRanges.isString(text.chars(), entry.from(), entry.to())) {
                throw new IllegalArgumentException("a symbol that is no string");
            }
            symbolFrom = entry.from() + 1;
            symbolTo = entry.to() - 1;
        } else if (entry.isNamed("q")) {
            q = CharRanges.whole(text.chars(), entry.from(), entry.to());
        } else if (entry.isNamed("c")) {
            c = CharRanges.whole(text.chars(), entry.from(), entry.to());
        } else if (entry.isNamed("t")) {
            timeUs = CharRanges.whole(text.chars(), entry.from(), entry.to());
        } else if (entry.isNamed("v")) {
            valueFrom = entry.from();
            valueTo = entry.to();
        } else if (entry.isNamed("st")) {
            stateFrom = entry.from() + 1;
            stateTo = entry.to() - 1;
        } else if (entry.isNamed("removed")) {
            removedFrom = entry.from();
            removedTo = entry.to();
        }
    }

    @Override
    public boolean isImage() {
        return is(Part.TYPE, "snapshot");
    }

    @Override
    public long tsUs() {
        return number(Part.TS);
    }

    @Override
    public long epoch() {
        return number(Part.EPOCH);
    }

    @Override
    public String symbol() {
        return decodedSymbol == null ? new String(text.chars(), symbolFrom, symbolTo - symbolFrom) : decodedSymbol;
    }

    @Override
    public int symbolHash() {
        return decodedSymbol == null ? CharRanges.hash(text.chars(), symbolFrom, symbolTo) : decodedSymbol.hashCode();
    }

    @Override
    public boolean isOf(final String symbol) {
        return decodedSymbol == null ? CharRanges.equal(text.chars(), symbolFrom, symbolTo, symbol)
            : decodedSymbol.equals(symbol);
    }

    @Override
    public long q() {
        return q;
    }

    @Override
    public long c() {
        return c;
    }

    @Override
    public long timeUs() {
        return timeUs;
    }

    @Override
    public String state() {
        if (stateFrom == ABSENT) {
            return null;
        }
        return CharRanges.equal(text.chars(), stateFrom, stateTo, "closed") ? "closed" : "stale";
    }

    @Override
    public boolean isObject() {
        return text.chars()[valueFrom] == '{';
    }

    @Override
    public void appendValue(final StringBuilder out) {
        out.append(text.chars(), valueFrom, valueTo - valueFrom);
    }

    @Override
    public char[] chars() {
        return text.chars();
    }

    @Override
    public int valueFrom() {
        return valueFrom;
    }

    @Override
    public int valueTo() {
        return valueTo;
    }

    @Override
    public void enterFields() {
        fields.enterObject(text.chars(), valueFrom, valueTo);
    }

    @Override
    public boolean nextField() {
        return fields.nextField();
    }

    @Override
    public void enterRemoved() {
        if (removedFrom != ABSENT) {
            fields.enterNames(text.chars(), removedFrom, removedTo);
        }
    }

    @Override
    public boolean nextRemoved() {
        return removedFrom != ABSENT && fields.nextName();
    }

    @Override
    public boolean isField(final String name) {
        return fields.isNamed(name);
    }

    @Override
    public String fieldName() {
        return fields.name();
    }

    @Override
    public int fieldFrom() {
        return fields.from();
    }

    @Override
    public int fieldTo() {
        return fields.to();
    }
}
