package penstock.bus;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import penstock.nats.NatsConnection;
import penstock.telemetry.ErrorLog;
import penstock.topic.Feed;

/**
 * What all that is published on the bus shares. Immutable.
 *
 * @param relay    the id of this relay among those in a row
 * @param subjects the beginning of the subjects of a feed
 * @param isActive whether this relay publishes at all now: of several that share a lease, one does
 */
record BusShared(String relay, NatsConnection connection, BusCounts counts, ErrorLog errors,
        Function<Feed, String> subjects, BooleanSupplier isActive) {
}
