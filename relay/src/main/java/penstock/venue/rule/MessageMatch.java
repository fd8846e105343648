package penstock.venue.rule;

import java.nio.charset.StandardCharsets;
import penstock.config.ConfigSection;
import penstock.json.JsonScanner;
import penstock.json.JsonType;

/**
 * Conditions that scan their message themselves, for the few messages of a login or subscription. One thread at a time.
 */
public final class MessageMatch {
    private final MatchRule match;
    private final EvaluationScope scope;
    private final JsonScanner scanner;
    private final ByteSlice text = new ByteSlice();

    private MessageMatch(final MatchRule match, final EvaluationScope scope, final JsonScanner scanner) {
        this.match = match;
        this.scope = scope;
        this.scanner = scanner;
    }

    /** Compiles the object at {@code key}. */
    public static MessageMatch read(final ConfigSection parent, final String key) {
        final PointerBindings bindings = new PointerBindings();
        final MatchRule match = MatchRule.read(parent, key, bindings);
        return new MessageMatch(match, bindings.scope(null), bindings.scanner());
    }

    /** True if the message is JSON and fulfils all conditions. */
    public boolean matches(final byte[] message, final int offset, final int length) {
        return scanner.scan(message, offset, length) && match.matches(scope, text);
    }

    /** The text of an expression's value; null if absent. */
    public static String text(final String expression, final byte[] message, final int offset, final int length) {
        final PointerBindings bindings = new PointerBindings();
        final Expression compiled = Expression.compile(expression, bindings);
        final EvaluationScope scope = bindings.scope(null);
        final ByteSlice text = new ByteSlice();
        return bindings.scanner().scan(message, offset, length) && compiled.read(scope, text) ? text.toString() : null;
    }

    /**
     * The bytes of the value at a pointer as sent, a string with its quotes; behind filters their text. Null if absent.
     */
    public static String slice(final String pointer, final byte[] message, final int offset, final int length) {
        if (FilterParser.stages(pointer).size() > 1) {
            return text(pointer, message, offset, length);
        }
        final PointerBindings bindings = new PointerBindings();
        final Expression expression = Expression.compilePointer(pointer, bindings);
        final EvaluationScope scope = bindings.scope(null);
        final boolean found = bindings.scanner().scan(message, offset, length)
            && expression.type(scope) != JsonType.ABSENT;
        return found ? new String(message, expression.offset(scope), expression.length(scope), StandardCharsets.UTF_8)
            : null;
    }
}
