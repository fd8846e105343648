package penstock.recording.write;

import java.nio.file.Path;
import penstock.config.relay.FeedConfig;
import penstock.recording.RecordingFiles;
import penstock.venue.Venue;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.PayloadCodec;

/**
 * A feed that is recorded. Immutable.
 *
 * @param name             of the feed, as its files have it
 * @param venue            the name of its venue
 * @param directory        of its files
 * @param payload          how the venue compresses each message
 * @param maxInflatedBytes largest message
 */
public record RecordedFeed(String name, String venue, Path directory, PayloadCodec.Kind payload,
        int maxInflatedBytes) {
    /** As configured, in the directory {@code feed.record}. */
    static RecordedFeed of(final FeedConfig feed, final Venue venue) {
        final ConnectionSpec.Framing framing = venue.connection().framing();
        return new RecordedFeed(RecordingFiles.feedName(feed.identity().name() == null ? venue.name()
            : feed.identity().name()), venue.name(), Path.of(feed.record()), framing.payload(),
            framing.maxInflatedBytes());
    }
}
