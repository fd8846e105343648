package penstock.fanout;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many subscriptions of a shard ask for each name exactly. What became wanted or unwanted is told once per request,
 * and not at all when the request ends where it began. Counts nothing for a feed that does not care. Owned by the
 * shard.
 */
final class InterestCounts {
    /** One channel: the counts, and the names that crossed zero since the last telling. */
    private static final class Names {
        private final Map<String, Integer> counts = new HashMap<>();
        /** True: wanted now. */
        private final Map<String, Boolean> changed = new LinkedHashMap<>();

        private void change(final String name, final boolean isWanted) {
            // there and back again is no change
            if (changed.remove(name) == null) {
                changed.put(name, isWanted);
            }
        }

        private List<String> changed(final boolean isWanted) {
            return changed.entrySet().stream().filter(change -> change.getValue() == isWanted).map(Map.Entry::getKey)
                .toList();
        }
    }

    private final Names[] channels;
    private Interest demand = Interest.NONE;
    private boolean isChanged;

    InterestCounts(final int channelCount) {
        channels = new Names[channelCount];
        for (int i = 0; i < channelCount; i++) {
            channels[i] = new Names();
        }
    }

    /** Who is told; before the first request. */
    void tell(final Interest told) {
        demand = told;
    }

    /** One subscription more asks for {@code name}. */
    void want(final Subscription subscription, final String name) {
        if (counts(subscription)) {
            final Names names = channels[subscription.channel.index()];
            if (names.counts.merge(name, 1, Integer::sum) == 1) {
                names.change(name, true);
                isChanged = true;
            }
        }
    }

    /** One subscription less asks for {@code name}. */
    void release(final Subscription subscription, final String name) {
        if (counts(subscription)) {
            final Names names = channels[subscription.channel.index()];
            if (names.counts.computeIfPresent(name, (n, count) -> count == 1 ? null : count - 1) == null) {
                names.change(name, false);
                isChanged = true;
            }
        }
    }

    /** The end of a request, or of a session: tells what it changed. */
    void tell() {
        if (!isChanged) {
            return;
        }
        isChanged = false;
        for (int i = 0; i < channels.length; i++) {
            final List<String> wanted = channels[i].changed(true);
            final List<String> unwanted = channels[i].changed(false);
            channels[i].changed.clear();
            if (!wanted.isEmpty()) {
                demand.wanted(i, wanted);
            }
            if (!unwanted.isEmpty()) {
                demand.unwanted(i, unwanted);
            }
        }
    }

    private boolean counts(final Subscription subscription) {
        return demand != Interest.NONE && !subscription.once;
    }
}
