package penstock.feed.rules;

import java.util.ArrayList;
import java.util.List;
import penstock.config.Section;
import penstock.feed.json.JsonScanner;
import penstock.feed.json.JsonValues;
import penstock.feed.json.PointerTrie;

/**
 * What the expressions of one place in a venue file refer to: {@code $}, perhaps {@code @}, and the learned maps. Collects their
 * pointers while the file is read. Owned by the thread that reads the file.
 */
public final class Bindings {
    private final PointerTrie.Builder frame;
    private final PointerTrie.Builder element;
    private final LearnedMaps maps;
    private final List<Scope> scopes;

    /** Expressions on whole messages. */
    public Bindings() {
        this(new PointerTrie.Builder(), null, new LearnedMaps(), new ArrayList<>());
    }

    private Bindings(final PointerTrie.Builder frame, final PointerTrie.Builder element, final LearnedMaps maps, final List<Scope> scopes) {
        this.frame = frame;
        this.element = element;
        this.maps = maps;
        this.scopes = scopes;
    }

    /** The same {@code $}, and an {@code @} of its own. */
    public Bindings inElements() {
        return new Bindings(frame, new PointerTrie.Builder(), maps, scopes);
    }

    /** Whether there is an {@code @}. */
    public boolean hasElement() {
        return element != null;
    }

    /** What can be learned. */
    public LearnedMaps maps() {
        return maps;
    }

    /** A scanner of elements, made when all their pointers are known. */
    public JsonScanner walker() {
        return new JsonScanner(element.build());
    }

    /** Where expressions of this place read; {@code walker} scans the elements, null if there are none. */
    public Scope scope(final JsonScanner walker) {
        final Scope scope = new Scope(walker);
        scopes.add(scope);
        return scope;
    }

    /** A scanner of frames, made when all pointers are known; all scopes read from it. */
    public JsonScanner scanner() {
        final JsonScanner scanner = new JsonScanner(frame.build());
        final JsonValues values = scanner.values();
        scopes.forEach(scope -> scope.bind(values));
        return scanner;
    }

    /** Compiles the expression at a key that must be there; null when it can't be used. */
    public Expression expression(final Section section, final String key) {
        return expression(section, key, section.requiredText(key));
    }

    /** Compiles an expression that stands at a key; null when it can't be used. */
    public Expression expression(final Section section, final String key, final String source) {
        try {
            return section.has(key) ? Expression.compile(source, this) : null;
        } catch (final IllegalArgumentException e) {
            section.problem(key, e.getMessage());
            return null;
        }
    }

    /** The pointers of the side that an expression names by its first character. */
    PointerTrie.Builder pointers(final boolean ofElement) {
        return ofElement ? element : frame;
    }
}
