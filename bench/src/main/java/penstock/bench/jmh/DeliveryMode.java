package penstock.bench.jmh;

import java.util.List;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.RowsFormat;
import penstock.fanout.format.SessionFormat;
import penstock.testkit.WebSocketFormats;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/**
 * A way to be sent what changes: the class of the channel, the kind of the session, and the terms of the subscription.
 * Immutable.
 */
public enum DeliveryMode {
    /** Whole values, newest only: what the others are compared with. */
    CONFLATE("last-value", conflate(List.of(), false, 0)),
    /** Two fields of nine. */
    CONFLATE_FIELDS("last-value", conflate(List.of("bid", "ask"), false, 0)),
    /** What changed: five fields of nine. */
    CONFLATE_DELTA("last-value", conflate(List.of(), true, 0)),
    /** What changed in two fields. */
    FIELDS_DELTA("last-value", conflate(List.of("bid", "ask"), true, 0)),
    /** The same as CONFLATE_DELTA to sessions at once and sessions at 100 ms: their cursors differ. */
    DELTA_MIXED("last-value", conflate(List.of(), true, 0)),
    /** Values merged of changes. */
    MERGE("merge", conflate(List.of(), false, 0)),
    /** What changed in merged values. */
    MERGE_DELTA("merge", conflate(List.of(), true, 0)),
    /** Net changes of four levels of a book of 20 on each side. */
    BOOK("order-book", conflate(List.of(), false, 0)),
    /** The same of its best ten. */
    BOOK_DEPTH("order-book", conflate(List.of(), false, 10)),
    /** Every update of a value. */
    ALL("last-value", all(List.of(), false)),
    /** Two fields of each. */
    ALL_FIELDS("last-value", all(List.of("bid", "ask"), false)),
    /** What changed with each. */
    ALL_DELTA("last-value", all(List.of(), true)),
    /** Every event. */
    EVENTS("event", all(List.of(), false)),
    /** 60 topics change, a third of them may be sent: those that wait longest. */
    MAX_RATE("last-value", new SubscriptionOptions(Mode.CONFLATE, 0, null, 1_000, 0, ContentOptions.ALL)),
    /** The same, when all of a session's thousand topics wait. */
    MAX_RATE_BEHIND("last-value", new SubscriptionOptions(Mode.CONFLATE, 0, null, 1_000, 0, ContentOptions.ALL)),
    /** Compressed, once for all. */
    DEFLATE("last-value", conflate(List.of(), false, 0)),
    /** Whole values as binary messages. */
    BINARY("last-value", conflate(List.of(), false, 0)),
    /** Every event as binary messages. */
    BINARY_EVENTS("event", all(List.of(), false)),
    /** Payloads as they came, bare, the newest only. */
    RAW("last-value", conflate(List.of(), false, 0)),
    /** Every payload, bare. */
    RAW_ALL("last-value", all(List.of(), false));

    final String conflation;
    final SubscriptionOptions terms;

    DeliveryMode(final String conflation, final SubscriptionOptions terms) {
        this.conflation = conflation;
        this.terms = terms;
    }

    /** Whether sessions are sent payloads, bare. */
    boolean isRaw() {
        return this == RAW || this == RAW_ALL;
    }

    SessionFormat format(final WebSocketFormats formats, final boolean hasRows) {
        return hasRows ? new RowsFormat(formats.of(0))
            : this == BINARY || this == BINARY_EVENTS ? new BinaryFormat(formats.of(0))
            : isRaw() ? WebSocketFormats.RAW : formats.of(this == DEFLATE ? 15 : 0);
    }

    private static SubscriptionOptions conflate(final List<String> fields, final boolean delta, final int depth) {
        return new SubscriptionOptions(Mode.CONFLATE, 0, null, -1, -1,
            new ContentOptions(fields.isEmpty() ? null : fields, delta, depth == 0 ? -1 : depth));
    }

    private static SubscriptionOptions all(final List<String> fields, final boolean delta) {
        return new SubscriptionOptions(Mode.ALL, -1, null, -1, -1,
            new ContentOptions(fields.isEmpty() ? null : fields, delta, -1));
    }
}
