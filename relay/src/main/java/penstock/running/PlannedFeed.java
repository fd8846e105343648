package penstock.running;

import java.util.Objects;
import javax.net.ssl.SSLContext;
import penstock.config.relay.FeedConfig;
import penstock.feed.FeedPlace;
import penstock.feed.FeedPlan;
import penstock.venue.Venue;

/**
 * A feed of a configuration that has been checked. Immutable.
 *
 * @param key       where it stands in the configuration: {@code feeds.kraken}
 * @param name      what clients call it
 * @param plan      with its place in the relay
 * @param tls       whom it trusts, and what it shows; null = the JVM's trust store, and nothing
 * @param recording the directory of the recording that it plays; null unless it is delayed
 */
public record PlannedFeed(String key, String name, FeedConfig config, FeedPlan plan, SSLContext tls,
        String recording) {
    /** The same venue with another configuration. */
    PlannedFeed with(final FeedConfig next) {
        return new PlannedFeed(key, name, next, plan, tls, recording);
    }

    PlannedFeed at(final FeedPlace place) {
        return new PlannedFeed(key, name, config, plan.at(place), tls, recording);
    }

    /** Its number among the feeds of the relay. */
    public int number() {
        return plan.place().number();
    }

    Venue venue() {
        return plan.venue();
    }

    /** Whether a feed that runs with this plan need not connect again to run with {@code next}. */
    boolean isSameBut(final PlannedFeed next) {
        final FeedConfig now = next.config();
        return config.identity().equals(now.identity()) && config.urls().equals(now.urls())
            && config.access().equals(now.access()) && config.onDemand().equals(now.onDemand())
            && config.reception().equals(now.reception()) && config.settings().equals(now.settings())
            && Objects.equals(recording, next.recording) && venue().name().equals(next.venue().name());
    }

    /** Whether it asks for the same channels and symbols. */
    boolean hasTopicsOf(final PlannedFeed other) {
        return config.topics().channels().equals(other.config.topics().channels())
            && config.topics().symbols().equals(other.config.topics().symbols());
    }

    boolean hasKey(final String changed) {
        return changed.startsWith(key + ".");
    }
}
