package penstock.venue.rule;

import java.util.ArrayList;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.json.JsonScanner;
import penstock.json.JsonValues;
import penstock.json.PointerTrie;

/**
 * The names that expressions at one place in a venue file can use: {@code $}, {@code @} inside arrays, and the learned
 * maps. Collects the pointers of the expressions while the file is read. Owned by the thread that reads the file.
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

    /** The same {@code $} with an {@code @} of its own. */
    public PointerBindings inElements() {
        return new PointerBindings(frame, new PointerTrie.Builder(), maps, scopes);
    }

    /** The same names, for expressions that are checked and never read: scanners do not look for their pointers. */
    public PointerBindings forChecksOnly() {
        return new PointerBindings(new PointerTrie.Builder(), element == null ? null : new PointerTrie.Builder(), maps,
            scopes);
    }

    /** True if there is an {@code @}. */
    public boolean hasElement() {
        return element != null;
    }

    /** The learned maps. */
    public LearnedMaps maps() {
        return maps;
    }

    /** Builds the scanner of elements; call it once all their pointers are known. */
    public JsonScanner walker() {
        return new JsonScanner(element.build());
    }

    /** The scope of expressions at this place; {@code walker} scans the elements, null if there are none. */
    public EvaluationScope scope(final JsonScanner walker) {
        final EvaluationScope scope = new EvaluationScope(walker);
        scopes.add(scope);
        return scope;
    }

    /** Builds the scanner of frames; call it once all pointers are known. All scopes read from it. */
    public JsonScanner scanner() {
        final JsonScanner scanner = new JsonScanner(frame.build());
        final JsonValues values = scanner.values();
        scopes.forEach(scope -> scope.bind(values));
        return scanner;
    }

    /** Compiles the expression at a required key; null if it is unusable. */
    public Expression expression(final ConfigSection section, final String key) {
        return expression(section, key, section.requiredText(key));
    }

    /** Compiles an expression; null if it is unusable. */
    public Expression expression(final ConfigSection section, final String key, final String source) {
        return section.has(key) ? section.compiled(key, () -> Expression.compile(source, this)) : null;
    }

    /** Pointers into the frame, or into the element. */
    PointerTrie.Builder pointers(final boolean ofElement) {
        return ofElement ? element : frame;
    }
}
