package penstock.bus;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import penstock.nats.NatsConnection;
import penstock.telemetry.ErrorLog;
import penstock.topic.Feed;

/**
 * What all that is published on the bus shares. Immutable.
 *
 * @param hops     the relays between the venue and here, this one the last
 * @param subjects the beginning of the subjects of a feed
 * @param isActive whether this relay publishes at all now: of several that share a lease, one does
 */
record BusShared(Supplier<List<String>> hops, NatsConnection connection, BusCounts counts, ErrorLog errors,
        Function<Feed, String> subjects, BooleanSupplier isActive) {
    /** The relays in front of who reads a message, in a row. */
    String relays() {
        return String.join(",", hops.get());
    }
}
