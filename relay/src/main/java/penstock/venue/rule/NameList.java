package penstock.venue.rule;

import java.util.ArrayList;
import java.util.List;
import penstock.json.JsonScanner;
import penstock.json.JsonType;

/**
 * Names in a list of a message: {@code $/accepted/*} if the elements are texts, {@code $/fails/*}{@code /symbol} if the
 * name is inside them. Not for the hot path; one thread at a time.
 */
public final class NameList {
    private final Expression list;
    private final Expression name;
    private final JsonScanner frame;
    private final JsonScanner walker;
    private final EvaluationScope inList;
    private final EvaluationScope inFrame;
    private final ByteSlice text = new ByteSlice();

    private NameList(final Expression list, final Expression name, final PointerBindings outer,
            final PointerBindings inner) {
        this.list = list;
        this.name = name;
        walker = inner.walker();
        inList = inner.scope(walker);
        inFrame = outer.scope(null);
        frame = outer.scanner();
    }

    /**
     * Compiles a pointer with one star, and filters for each name.
     *
     * @throws IllegalArgumentException with a sentence for the author of the file
     */
    public static NameList compile(final String source) {
        final List<String> stages = FilterParser.stages(source);
        final String pointer = stages.get(0);
        final int star = pointer.indexOf("/*");
        final String rest = star < 0 ? "" : pointer.substring(star + 2);
        if (star < 0 || !pointer.startsWith("$") || !rest.isEmpty() && !rest.startsWith("/")) {
            throw new IllegalArgumentException(
                "must be a pointer to the elements of a list, like $/accepted/* or $/fails/*/symbol, got "
                + source);
        }
        final PointerBindings outer = new PointerBindings();
        final PointerBindings inner = outer.inElements();
        final String filters = String.join(" | ", stages.subList(1, stages.size()));
        return new NameList(Expression.compilePointer(pointer.substring(0, star), outer),
            Expression.compile(filters.isEmpty() ? "@" + rest : "@" + rest + " | " + filters, inner), outer, inner);
    }

    private static boolean isList(final int type) {
        return type == JsonType.ARRAY || type == JsonType.OBJECT;
    }

    /** The names, null if the message has no such list. The values of an object are a list, too. */
    public List<String> read(final byte[] message, final int offset, final int length) {
        if (!frame.scan(message, offset, length) || !isList(list.type(inFrame))) {
            return null;
        }
        final List<String> names = new ArrayList<>();
        walker.open(message, list.offset(inFrame), list.length(inFrame));
        while (walker.next()) {
            if (name.read(inList, text)) {
                names.add(text.toString());
            }
        }
        return names;
    }
}
