package penstock.venue.spec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.ring.ConflationClass;
import penstock.ring.UpdateKind;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;
import penstock.venue.rule.PointerBindings;

/**
 * Decides the kind of an update: snapshot, delta or whole value. Either always the same, or the value of an expression.
 * Immutable. Owned by the feed thread.
 */
public final class KindSpec {
    /** The keys of {@code messages.rules[]}. */
    public static final KeyTable KEYS = KeyTable.of("messages.rules[]");
    private static final String KIND = KEYS.key("kind",
        "expression or one of snapshot, delta, full, remove, snapshot-first", "`full`",
        "What the update is to the image. `snapshot-first`: the first message of a symbol after each subscribe message "
        + "is its snapshot, which nothing in it says, and all later ones are changes; a venue that does not answer "
        + "unsubscribes may send old changes after it, so use `on-gap = reconnect` there. Required for `merge` and "
        + "`order-book`, which need a rule that can be a `snapshot`, or `book.snapshot`: changes alone never make a "
        + "topic.");

    static final String NAMES = "snapshot, delta, full, remove";
    private static final UpdateKind[] KINDS = UpdateKind.values();
    private static final byte[][] WORDS = Arrays.stream(KINDS)
        .map(kind -> spelling(kind).getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);

    private static final String SNAPSHOT_FIRST = "snapshot-first";

    private final UpdateKind always;
    private final Expression expression;
    private final boolean isSnapshotFirst;

    private KindSpec(final UpdateKind always, final Expression expression, final boolean isSnapshotFirst) {
        this.always = always;
        this.expression = expression;
        this.isSnapshotFirst = isSnapshotFirst;
    }

    public static KindSpec read(final ConfigSection section, final ChannelSpec channel,
            final PointerBindings bindings) {
        final String source = section.text(KIND, null);
        if (source == null) {
            if (channel.conflation() == ConflationClass.MERGE || channel.conflation() == ConflationClass.ORDER_BOOK) {
                section.problem(KIND, "is missing: channel " + channel.name() + " is " + channel.conflation()
                    .spelling()
                    + "; name the messages that are snapshot and those that are delta");
            }
            return new KindSpec(UpdateKind.FULL, null, false);
        }
        if (source.startsWith("$") || source.startsWith("@")) {
            return new KindSpec(null, bindings.expression(section, KIND, source), false);
        }
        if (source.equals(SNAPSHOT_FIRST)) {
            if (channel.conflation() != ConflationClass.MERGE && channel.conflation() != ConflationClass.ORDER_BOOK) {
                section.problem(KIND, "is snapshot-first, which is for channels of class merge or order-book: those of "
                    + channel.name() + " have no changes; remove it");
            }
            return new KindSpec(UpdateKind.SNAPSHOT, null, true);
        }
        if (named(source) == null) {
            section.problem(KIND, "must be one of " + NAMES + ", " + SNAPSHOT_FIRST
                + ", or an expression that gives one, got " + source);
            return new KindSpec(UpdateKind.FULL, null, false);
        }
        return new KindSpec(named(source), null, false);
    }

    /** The kind of this name, or null. */
    static UpdateKind named(final String name) {
        return Arrays.stream(KINDS).filter(kind -> spelling(kind).equals(name)).findFirst().orElse(null);
    }

    /** The kind of a message; null if the message does not give a valid one. */
    public UpdateKind of(final EvaluationScope scope, final ByteSlice text) {
        if (expression == null) {
            return always;
        }
        if (expression.read(scope, text)) {
            for (int i = 0; i < KINDS.length; i++) {
                if (text.is(WORDS[i])) {
                    return KINDS[i];
                }
            }
        }
        return null;
    }

    /** Whether the first message of a topic is a snapshot, and the others are changes; no message says so. */
    public boolean isSnapshotFirst() {
        return isSnapshotFirst;
    }

    /** Whether a message may be whole: a topic begins with such a message. */
    public boolean canBegin() {
        return expression != null || always == UpdateKind.SNAPSHOT || always == UpdateKind.FULL;
    }

    private static String spelling(final UpdateKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
