package penstock.feed.rules;

import java.nio.charset.StandardCharsets;
import penstock.config.Section;
import penstock.feed.json.JsonScanner;
import penstock.feed.json.JsonType;

/** Conditions on a message by themselves, for the few messages of a login or of a subscription. One thread at a time. */
public final class MessageMatch {
    private final Match match;
    private final Scope scope;
    private final JsonScanner scanner;
    private final Text text = new Text();

    private MessageMatch(final Match match, final Scope scope, final JsonScanner scanner) {
        this.match = match;
        this.scope = scope;
        this.scanner = scanner;
    }

    /** Compiles the object at {@code key}. */
    public static MessageMatch read(final Section parent, final String key) {
        final Bindings bindings = new Bindings();
        final Match match = Match.read(parent, key, bindings);
        return new MessageMatch(match, bindings.scope(null), bindings.scanner());
    }

    /** Whether the message is JSON and fulfils all conditions. */
    public boolean matches(final byte[] message, final int offset, final int length) {
        return scanner.scan(message, offset, length) && match.holds(scope, text);
    }

    /** The bytes of the value at a pointer as they were sent, a string with its quotes; null if it is not there. */
    public static String slice(final String pointer, final byte[] message, final int offset, final int length) {
        final Bindings bindings = new Bindings();
        final Expression expression = Expression.compilePointer(pointer, bindings);
        final Scope scope = bindings.scope(null);
        final boolean found = bindings.scanner().scan(message, offset, length) && expression.type(scope) != JsonType.ABSENT;
        return found ? new String(message, expression.offset(scope), expression.length(scope), StandardCharsets.UTF_8) : null;
    }
}
