package penstock.server.links;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The names of edges in metrics. Names come from outside: the first {@link #MAX} have metrics of their own, all others
 * share one. Any thread.
 */
final class EdgeNames {
    /** Edges with metrics of their own. */
    static final int MAX = 64;
    /** The name of all others. */
    static final String OTHERS = "other";

    /** The digits behind a name are new after each start; the metrics of a machine go on. */
    private static final String START = "~[0-9a-f]{8}$";

    private final Consumer<String> onNew;
    private final Set<String> names = new HashSet<>();

    /** {@code onNew} learns each name once. */
    EdgeNames(final Consumer<String> onNew) {
        this.onNew = onNew;
    }

    /** The name in metrics of an edge that is called so. */
    synchronized String of(final String edge) {
        final String plain = edge.replaceFirst(START, "");
        final String name = names.contains(plain) || names.size() < MAX ? plain : OTHERS;
        if (names.add(name)) {
            onNew.accept(name);
        }
        return name;
    }
}
