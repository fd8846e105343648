package penstock.feed.rules;

import java.nio.charset.StandardCharsets;
import penstock.config.Section;
import penstock.feed.json.JsonScanner;
import penstock.feed.json.JsonValues;
import penstock.feed.json.PointerTrie;

/**
 * Conditions on a message by themselves, for the few messages of a login or of a subscription. Makes garbage. One thread at a time.
 */
public final class MessageMatch {
    private final PointerTrie trie;
    private final Match match;

    private MessageMatch(final PointerTrie trie, final Match match) {
        this.trie = trie;
        this.match = match;
    }

    /** Compiles the object at {@code key}. */
    public static MessageMatch read(final Section parent, final String key) {
        final PointerTrie.Builder pointers = new PointerTrie.Builder();
        final Match match = Match.read(parent, key, pointers);
        return new MessageMatch(pointers.build(), match);
    }

    /** Whether the message is JSON and fulfils all conditions. */
    public boolean matches(final byte[] message, final int offset, final int length) {
        final JsonScanner scanner = new JsonScanner(trie);
        return scanner.scan(message, offset, length) && match.holds(scanner.values(), new Text());
    }

    /** The bytes of the value at a pointer as they were sent, a string with its quotes; null if it is not there. */
    public static String slice(final String pointer, final byte[] message, final int offset, final int length) {
        final PointerTrie.Builder pointers = new PointerTrie.Builder();
        final int slot = Expression.compilePointer(pointer, pointers);
        final JsonScanner scanner = new JsonScanner(pointers.build());
        final JsonValues values = scanner.values();
        final boolean found = scanner.scan(message, offset, length) && values.isPresent(slot);
        return found ? new String(message, values.offset(slot), values.length(slot), StandardCharsets.UTF_8) : null;
    }
}
