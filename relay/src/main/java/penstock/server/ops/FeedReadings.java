package penstock.server.ops;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import penstock.feed.report.FeedReport;
import penstock.telemetry.Counters;

/**
 * What can be read of a feed from any thread.
 *
 * @param name        what clients call it
 * @param counters    its own, of which those of the ring are left out if there are several feeds
 * @param connections upstream connections that deliver data
 * @param wanted      topics that the relay subscribes to at the venue
 * @param detail      the last event, for people; without secrets
 * @param lagUs       age of the newest update of the channel that lags most, in µs; negative if it is not known
 * @param report      asks the feed thread for all about its connections
 */
public record FeedReadings(String name, Counters counters, IntSupplier connections, IntSupplier wanted,
        Supplier<String> detail, LongSupplier lagUs, Supplier<CompletableFuture<FeedReport>> report) {
}
