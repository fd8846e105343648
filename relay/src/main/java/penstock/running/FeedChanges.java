package penstock.running;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.reload.LiveStep;

/**
 * What a configuration that was read again changes of the feeds: some leave, some come or begin again, and some ask for
 * other topics. All that can fail is done before anything changes. Owned by the thread of the reload.
 */
public final class FeedChanges {
    private static final Logger LOG = LoggerFactory.getLogger(FeedChanges.class);

    private final RunningFeeds running;
    private final int largest;
    private final List<RunningFeed> leaving = new ArrayList<>();
    private final List<PlannedFeed> coming = new ArrayList<>();
    /** By number: feeds that go on with other topics. */
    private final Map<Integer, PlannedFeed> following = new LinkedHashMap<>();
    /** By number: feeds that go on with another limit of topics. */
    private final Map<Integer, PlannedFeed> limited = new LinkedHashMap<>();
    private boolean isFirstLeaving;

    /** Compares {@code running} with {@code next}; {@code largest}: bytes of the largest update that the ring takes. */
    public FeedChanges(final RunningFeeds running, final List<PlannedFeed> next, final int largest) {
        this.running = running;
        this.largest = largest;
        final Map<String, PlannedFeed> byKey = new LinkedHashMap<>();
        next.forEach(feed -> byKey.put(feed.key(), feed));
        for (final RunningFeed feed : running.all()) {
            if (feed != null) {
                compare(feed, byKey.remove(feed.planned().key()));
            }
        }
        coming.addAll(byKey.values());
    }

    private void compare(final RunningFeed feed, final PlannedFeed next) {
        final PlannedFeed now = feed.planned();
        if (next == null) {
            if (!feed.isRemoved()) {
                isFirstLeaving |= now.number() == 0;
                leaving.add(feed);
            }
        } else if (!feed.isRemoved() && now.isSameBut(next)
                && (now.hasTopicsOf(next) || now.plan().canFollow(next.plan()))) {
            if (!now.hasTopicsOf(next)) {
                following.put(now.number(), next);
            }
            if (now.config().topics().maxTopics() != next.config().topics().maxTopics()) {
                limited.put(now.number(), next);
            }
        } else if (mayReplace(now, next)) {
            coming.add(next);
        }
    }

    /** Subscribers of the place know its name, the classes of its channels, and who decides on its symbols. */
    private boolean mayReplace(final PlannedFeed now, final PlannedFeed next) {
        final String changed = running.places().changedClass(next.key(), next.venue().channels());
        final String problem = !now.name().equals(next.name()) ? "clients know the feed as " + now.name()
            : now.config().isOnDemand() != next.config().isOnDemand() ? "its symbols are on demand, or were"
            : changed != null ? "clients know its channel " + changed + " with another class" : null;
        if (problem != null) {
            LOG.warn("{}: {}, so the change needs a restart; a feed of another name needs none", next.key(), problem);
        }
        return problem == null;
    }

    /**
     * Prepares the feeds that come; null if the first one leaves, because it is that of clients who name none.
     *
     * @throws IllegalArgumentException if one of them cannot run
     */
    public LiveStep prepare() {
        if (isFirstLeaving) {
            return null;
        }
        final FeedPlaces places = running.places().copy();
        final List<RunningFeed> prepared = new ArrayList<>();
        try {
            for (final PlannedFeed each : coming) {
                checkSize(each);
                prepared.add(running.thread().prepare(each.at(places.of(each.key(), each.plan().place().name(),
                    each.venue().channels()))));
            }
        } catch (final RuntimeException e) {
            prepared.forEach(running.thread()::discard);
            throw e;
        }
        return new LiveStep() {
            @Override
            public void apply() {
                leaving.forEach(running::remove);
                running.keep(places);
                prepared.forEach(running::begin);
                limited.forEach(running::limit);
            }

            @Override
            public boolean covers(final String key) {
                return leaving.stream().anyMatch(feed -> feed.planned().hasKey(key)) || isOf(coming, key)
                    || key.endsWith(".max-topics") && isOf(limited.values(), key);
            }

            @Override
            public void discard() {
                prepared.forEach(running.thread()::discard);
            }
        };
    }

    /** Lets feeds that go on ask for other topics. */
    public LiveStep follow() {
        return new LiveStep() {
            @Override
            public void apply() {
                following.forEach(running::follow);
            }

            @Override
            public boolean covers(final String key) {
                return isOf(following.values(), key);
            }
        };
    }

    private void checkSize(final PlannedFeed feed) {
        final int bytes = feed.venue().connection().framing().maxFrameBytes();
        if (bytes > largest) {
            throw new IllegalArgumentException(feed.key() + ": messages of venue " + feed.venue().name() + " have up to "
                + bytes + " bytes, and the ring of this relay takes " + largest + ": lower connection.max-frame in the "
                + "venue file, or restart the relay");
        }
    }

    private static boolean isOf(final Iterable<PlannedFeed> feeds, final String key) {
        for (final PlannedFeed feed : feeds) {
            if (feed.hasKey(key)) {
                return true;
            }
        }
        return false;
    }
}
