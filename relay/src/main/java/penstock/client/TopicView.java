package penstock.client;

import java.math.BigDecimal;
import java.util.NoSuchElementException;
import penstock.client.value.BookSide;
import penstock.client.value.CharRanges;
import penstock.client.value.DecimalNumber;
import penstock.client.value.FieldTable;
import penstock.client.value.TextSlot;

/**
 * What is known of a symbol: a view through which the newest value is read. It makes no garbage but the texts and
 * objects that are asked for. What is read from it does not change; the view does, with each message: a view of a
 * frame or an event is valid during the call, and any other is read on the client's executor alone.
 *
 * <p>Numbers are exact: {@code 1.10} is the mantissa 110 with the scale 2.
 *
 * <p>Owned by the client's thread.
 */
public final class TopicView {
    private static final HeldTopic NOTHING = new HeldTopic("");

    private final GridHost host;
    private final DecimalNumber number = new DecimalNumber();
    private HeldTopic topic = NOTHING;
    private String symbol = "";

    TopicView(final GridHost host) {
        this.host = host;
    }

    /** Shows {@code held}; null: nothing is known of the symbol. */
    TopicView show(final String name, final HeldTopic held) {
        symbol = name;
        topic = held == null ? NOTHING : held;
        return this;
    }

    /** Its name. */
    public String symbol() {
        return symbol;
    }

    /** Whether anything is known of it: false after it left. */
    public boolean isKnown() {
        return topic.hasValue() || topic.reported != null;
    }

    /** Whether there is a value; without one only its state and the reason are known. */
    public boolean hasValue() {
        return topic.hasValue();
    }

    /** Sequence of the topic. */
    public long q() {
        return topic.q;
    }

    /** Earlier updates conflated into this one. */
    public long c() {
        return topic.c;
    }

    /** The venue's time in microseconds since 1970; 0 if it gives none. */
    public long timeUs() {
        return topic.timeUs;
    }

    /** Milliseconds since the venue's time, or since the value arrived if the venue gives no time. */
    public long ageMs() {
        return topic.ageMs(host.nowMs());
    }

    /** What the value may be used for; stale if nothing is known. */
    public ValueState state() {
        return topic == NOTHING ? ValueState.STALE : topic.state(host.isFresh());
    }

    /** Why it is not live, if the relay says so; else null. */
    public String reason() {
        return topic.reason;
    }

    /** Number of fields; 0 for a book, and for a value that is no object. */
    public int fieldCount() {
        return topic.hasValue() && topic.fields().isObject() ? topic.fields().count() : 0;
    }

    /** The name of a field, in the order of the relay. */
    public String fieldName(final int index) {
        if (index < 0 || index >= fieldCount()) {
            throw new IndexOutOfBoundsException("field " + index + " of " + fieldCount());
        }
        return topic.fields().name(index);
    }

    /** Whether there is such a field; it may be {@code null}. */
    public boolean has(final String field) {
        return fieldCount() > 0 && topic.fields().indexOf(field) >= 0;
    }

    /** The text of a field, or its number with the venue's digits; null if it is not there, or {@code null}. */
    public String text(final String field) {
        if (!has(field)) {
            return null;
        }
        final TextSlot value = slot(field);
        return CharRanges.equal(value.chars(), 0, value.length(), "null") ? null
            : CharRanges.content(value.chars(), 0, value.length());
    }

    /** Appends the JSON of a field, with the venue's digits, without making a text of it. */
    public void appendTo(final StringBuilder out, final String field) {
        final TextSlot value = slot(field);
        out.append(value.chars(), 0, value.length());
    }

    /** All digits of a number; {@link ArithmeticException} if they exceed a long. */
    public long mantissa(final String field) {
        return read(field).mantissa();
    }

    /** How many of these digits are decimals. */
    public int scale(final String field) {
        return read(field).scale();
    }

    /** A number as an object. */
    public BigDecimal decimal(final String field) {
        return read(field).toBigDecimal();
    }

    /** Bids of a book, the highest first; no level if it is none. */
    public BookSide bids() {
        return topic.bids();
    }

    /** Asks of a book, the lowest first; no level if it is none. */
    public BookSide asks() {
        return topic.asks();
    }

    /** The whole value as JSON, with the venue's digits; null if there is none. */
    public String json() {
        if (!topic.hasValue()) {
            return null;
        }
        final StringBuilder out = new StringBuilder();
        if (topic.isBook()) {
            topic.bids().appendJson(out.append("{\"bids\":"));
            topic.asks().appendJson(out.append(",\"asks\":"));
            out.append('}');
        } else {
            topic.fields().appendJson(out);
        }
        return out.toString();
    }

    private DecimalNumber read(final String field) {
        final TextSlot value = slot(field);
        number.read(value.chars(), 0, value.length());
        return number;
    }

    private TextSlot slot(final String field) {
        final FieldTable fields = topic.fields();
        final int index = fieldCount() == 0 ? -1 : fields.indexOf(field);
        if (index < 0) {
            throw new NoSuchElementException(symbol + " has no field '" + field + "': has() tells");
        }
        return fields.value(index);
    }

    @Override
    public String toString() {
        return symbol + " " + state() + " " + json();
    }
}
