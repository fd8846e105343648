package penstock.topic;

import java.util.Collection;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * The topics of a channel whose symbols match, found in as many steps as the caller likes. Until it is closed, a search
 * follows its channel: it compares topics that appear and drops those that are forgotten. So a complete search has what
 * one at that moment would find. Owned by the shard's io thread.
 */
public final class TopicSearch implements AutoCloseable {
    private final IntFunction<String> symbols;
    private final Collection<TopicSearch> followers;
    private final Predicate<String> matches;
    private final int topicsPerCheck;
    private final IdSet left = new IdSet();
    private final IdSet found = new IdSet();

    /**
     * Among {@code all}, and what those who are {@code followers} are given later; {@code symbols} by their numbers.
     */
    TopicSearch(final IntFunction<String> symbols, final IdSet all, final Collection<TopicSearch> followers,
            final Predicate<String> matches, final int topicsPerCheck) {
        this.symbols = symbols;
        this.followers = followers;
        this.matches = matches;
        this.topicsPerCheck = topicsPerCheck;
        left.addIntersection(all, all);
        followers.add(this);
    }

    /** Goes on until all topics are compared or {@code isOver} says that time is up; returns whether all are. */
    public boolean advance(final BooleanSupplier isOver) {
        int compared = 0;
        for (int id = left.next(0); id >= 0; id = left.next(id + 1)) {
            left.remove(id);
            if (matches.test(symbols.apply(id))) {
                found.add(id);
            }
            if (++compared % topicsPerCheck == 0 && isOver.getAsBoolean()) {
                return left.isEmpty();
            }
        }
        return true;
    }

    /** The numbers of the topics that match; the rest of the topics is compared now. */
    public IdSet complete() {
        advance(() -> false);
        return found;
    }

    /** Adds a topic to what is found, whether or not its symbol matches. */
    public void include(final int topic) {
        left.remove(topic);
        found.add(topic);
    }

    /** Takes the number of a topic out of what was found up to now; -1 if there is none. */
    public int poll() {
        final int id = found.next(0);
        if (id >= 0) {
            found.remove(id);
        }
        return id;
    }

    /** The channel is followed no longer. */
    @Override
    public void close() {
        followers.remove(this);
    }

    void onTopic(final int topic) {
        left.add(topic);
    }

    void onForgotten(final int topic) {
        left.remove(topic);
        found.remove(topic);
    }
}
