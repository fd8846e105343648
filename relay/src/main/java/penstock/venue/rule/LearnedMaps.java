package penstock.venue.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The learned maps of a venue by name; they last as long as a connection. Owned by the feed thread. */
public final class LearnedMaps {
    private final Map<String, LearnedMap> maps = new TreeMap<>();

    /** None yet. */
    public LearnedMaps() {
    }

    /** The map of this name, a new one if it was not named before. */
    LearnedMap map(final String name) {
        return maps.computeIfAbsent(name, each -> new LearnedMap());
    }

    /** Fields like {@code chan.symbol} that an expression asks for and that no rule learns. */
    public List<String> neverLearned() {
        final List<String> names = new ArrayList<>();
        maps.forEach((name, map) -> map.neverLearned().forEach(field -> names.add(name + "." + field)));
        return names;
    }

    /** Forgets all: numbers of one connection mean nothing on the next. */
    public void clear() {
        maps.values().forEach(LearnedMap::clear);
    }
}
