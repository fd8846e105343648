package penstock.venue.rule;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What each of several connections has for itself, where their messages come as one stream, as from a recording. Of
 * more than 256 connections the ones that were silent the longest are forgotten. Owned by the feed thread.
 *
 * @param <T> what a connection has
 */
public final class BySource<T> {
    private static final int MAX_SOURCES = 256;

    private final Supplier<T> fresh;
    private final Map<Long, T> sources = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Long, T> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    /** {@code fresh}: what a new connection has. */
    public BySource(final Supplier<T> fresh) {
        this.fresh = fresh;
    }

    /** What the connection of this number has. */
    public T of(final long source) {
        return sources.computeIfAbsent(source, each -> fresh.get());
    }

    /** All connections are new. */
    public void clear() {
        sources.clear();
    }
}
