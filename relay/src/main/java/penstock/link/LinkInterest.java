package penstock.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;

/**
 * The names in which subscribers are interested, of channels on demand. Changes of a moment are asked for together; a
 * name without interest is left after a second. Owned by the feed thread.
 */
final class LinkInterest {
    /** How long a name stays without interest. */
    static final long LINGER_MS = 1_000;
    private static final long TURN_MS = 1;

    /** Asks the other relay, if it is connected. */
    interface Asker {
        /** These names have interest; false: it asks for them when the channel begins again. */
        boolean ask(int channel, List<String> names);

        /** These names have no subscriber. */
        void leave(int channel, List<String> names);

        /** There is no room for a name. */
        void refuse(int channel, String name);
    }

    private static final class Wanted {
        private int count;
        private boolean isAsked;
        /** Its image has come, or there is none: a resume counts for it. */
        private boolean isComplete;
        private long leaveNs;
    }

    private final FeedClock clock;
    private final int max;
    private final Asker asker;
    private final SingleTimer turn;
    private final SingleTimer linger;
    private final Map<Integer, Map<String, Wanted>> byChannel = new HashMap<>();
    private int count;

    LinkInterest(final FeedClock clock, final int max, final Asker asker) {
        this.clock = clock;
        this.max = max;
        this.asker = asker;
        turn = new SingleTimer(clock);
        linger = new SingleTimer(clock);
    }

    /** One more subscriber of each name. */
    void add(final int channel, final List<String> names) {
        final Map<String, Wanted> its = byChannel.computeIfAbsent(channel, each -> new LinkedHashMap<>());
        for (final String name : names) {
            Wanted wanted = its.get(name);
            if (wanted == null && count >= max) {
                asker.refuse(channel, name);
                continue;
            }
            if (wanted == null) {
                wanted = new Wanted();
                its.put(name, wanted);
                count++;
            }
            wanted.count++;
        }
        if (!turn.isSet()) {
            turn.set(this::ask, TURN_MS);
        }
    }

    /** One subscriber less. */
    void remove(final int channel, final List<String> names) {
        final Map<String, Wanted> its = byChannel.getOrDefault(channel, Map.of());
        for (final String name : names) {
            final Wanted wanted = its.get(name);
            if (wanted != null && wanted.count > 0 && --wanted.count == 0) {
                wanted.leaveNs = clock.nowNs() + LINGER_MS * 1_000_000;
                if (!linger.isSet()) {
                    linger.set(this::leave, LINGER_MS);
                }
            }
        }
    }

    /** How many names there are, those that linger included. */
    int count() {
        return count;
    }

    /** The names of a channel whose subscription begins again; {@code isComplete}: with values, or without. */
    List<String> begin(final int channel, final boolean isComplete) {
        final List<String> names = new ArrayList<>();
        byChannel.getOrDefault(channel, Map.of()).forEach((name, wanted) -> {
            if (wanted.isComplete == isComplete) {
                wanted.isAsked = true;
                names.add(name);
            }
        });
        return names;
    }

    /** The images of these names have come, as far as there are any. */
    void onImages(final int channel, final List<String> names) {
        setComplete(byChannel.getOrDefault(channel, Map.of()), names, true);
    }

    /** Nothing is known of what there was: a channel begins without a position. */
    void onVoid(final int channel) {
        byChannel.getOrDefault(channel, Map.of()).values().forEach(wanted -> wanted.isComplete = false);
    }

    void stop() {
        turn.cancel();
        linger.cancel();
    }

    private static void setComplete(final Map<String, Wanted> its, final List<String> names, final boolean isIt) {
        for (final String name : names) {
            final Wanted wanted = its.get(name);
            if (wanted != null) {
                wanted.isComplete = isIt;
            }
        }
    }

    private void ask() {
        byChannel.forEach((channel, its) -> {
            final List<String> names = new ArrayList<>();
            its.forEach((name, wanted) -> {
                if (!wanted.isAsked) {
                    names.add(name);
                }
            });
            if (!names.isEmpty() && asker.ask(channel, names)) {
                names.forEach(name -> its.get(name).isAsked = true);
            }
        });
    }

    private void leave() {
        long next = Long.MAX_VALUE;
        for (final Map.Entry<Integer, Map<String, Wanted>> entry : byChannel.entrySet()) {
            final List<String> left = new ArrayList<>();
            for (final Map.Entry<String, Wanted> each : entry.getValue().entrySet()) {
                if (each.getValue().count == 0) {
                    final long restNs = each.getValue().leaveNs - clock.nowNs();
                    if (restNs <= 0) {
                        left.add(each.getKey());
                    } else {
                        next = Math.min(next, restNs);
                    }
                }
            }
            left.forEach(entry.getValue()::remove);
            count -= left.size();
            if (!left.isEmpty()) {
                asker.leave(entry.getKey(), left);
            }
        }
        if (next < Long.MAX_VALUE) {
            linger.set(this::leave, (next + 999_999) / 1_000_000);
        }
    }
}
