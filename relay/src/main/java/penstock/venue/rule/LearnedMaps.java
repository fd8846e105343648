package penstock.venue.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The learned maps of a venue by name. They last as long as a connection. Owned by the feed thread. */
public final class LearnedMaps {
    private final Map<String, LearnedMap> maps = new TreeMap<>();

    /** No maps yet. */
    public LearnedMaps() {
    }

    /** The map of this name; created at first use. */
    LearnedMap map(final String name) {
        return maps.computeIfAbsent(name, each -> new LearnedMap());
    }

    /** Fields like {@code chan.symbol} that expressions use and that no rule learns. */
    public List<String> neverLearned() {
        final List<String> names = new ArrayList<>();
        maps.forEach((name, map) -> map.neverLearned().forEach(field -> names.add(name + "." + field)));
        return names;
    }

    /** What follows is of this connection, of several in one stream. */
    public void select(final long source) {
        maps.values().forEach(map -> map.select(source));
    }

    /** Removes all values: numbers of one connection are meaningless on the next. */
    public void clear() {
        maps.values().forEach(LearnedMap::clear);
    }
}
