package penstock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds knots: classes that reach each other in a circle (strongly connected components, Tarjan 1972). */
final class Knots {
    private final Map<String, Set<String>> edges;
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, Integer> low = new HashMap<>();
    private final Deque<String> stack = new ArrayDeque<>();
    private final List<Set<String>> found = new ArrayList<>();

    private Knots(final Map<String, Set<String>> edges) {
        this.edges = edges;
    }

    /** The knots of two classes and more. */
    static List<Set<String>> of(final Map<String, Set<String>> edges) {
        final Knots knots = new Knots(edges);
        for (final String name : edges.keySet()) {
            if (!knots.index.containsKey(name)) {
                knots.visit(name);
            }
        }
        return knots.found;
    }

    private void visit(final String name) {
        index.put(name, index.size());
        low.put(name, index.get(name));
        stack.push(name);
        for (final String target : edges.getOrDefault(name, Set.of())) {
            if (!index.containsKey(target)) {
                visit(target);
                low.merge(name, low.get(target), Math::min);
            } else if (stack.contains(target)) {
                low.merge(name, index.get(target), Math::min);
            }
        }
        if (low.get(name).equals(index.get(name))) {
            final Set<String> knot = new TreeSet<>();
            String member;
            do {
                member = stack.pop();
                knot.add(member);
            } while (!member.equals(name));
            if (knot.size() > 1) {
                found.add(knot);
            }
        }
    }
}
