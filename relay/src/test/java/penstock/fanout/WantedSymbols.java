package penstock.fanout;

import java.util.List;
import java.util.Set;
import penstock.fanout.subscription.Interest;

/** Keeps the symbols that a shard asks the feed for in {@code symbols}. One thread. */
record WantedSymbols(Set<String> symbols) implements Interest {
    @Override
    public void onAdded(final int channel, final List<String> added, final String client) {
        symbols.addAll(added);
    }

    @Override
    public void onRemoved(final int channel, final List<String> removed) {
        removed.forEach(symbols::remove);
    }
}
