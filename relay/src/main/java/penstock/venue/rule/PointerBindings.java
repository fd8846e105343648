package penstock.venue.rule;

import java.util.ArrayList;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.json.JsonScanner;
import penstock.json.JsonValues;
import penstock.json.PointerTrie;

/**
 * What the expressions of one place in a venue file refer to: {@code $}, perhaps {@code @}, and the learned maps.
 * Collects their pointers while the file is read. Owned by the thread that reads the file.
 */
public final class PointerBindings {
    private final PointerTrie.Builder frame;
    private final PointerTrie.Builder element;
    private final LearnedMaps maps;
    private final List<EvaluationScope> scopes;

    /** Expressions on whole messages. */
    public PointerBindings() {
        this(new PointerTrie.Builder(), null, new LearnedMaps(), new ArrayList<>());
    }

    private PointerBindings(final PointerTrie.Builder frame, final PointerTrie.Builder element, final LearnedMaps maps,
            final List<EvaluationScope> scopes) {
        this.frame = frame;
        this.element = element;
        this.maps = maps;
        this.scopes = scopes;
    }

    /** The same {@code $}, and an {@code @} of its own. */
    public PointerBindings inElements() {
        return new PointerBindings(frame, new PointerTrie.Builder(), maps, scopes);
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
    public EvaluationScope scope(final JsonScanner walker) {
        final EvaluationScope scope = new EvaluationScope(walker);
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
    public Expression expression(final ConfigSection section, final String key) {
        return expression(section, key, section.requiredText(key));
    }

    /** Compiles an expression that stands at a key; null when it can't be used. */
    public Expression expression(final ConfigSection section, final String key, final String source) {
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
