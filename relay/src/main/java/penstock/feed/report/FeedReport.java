package penstock.feed.report;

import java.util.List;
import java.util.Map;

/**
 * A feed, as the feed thread sees it. Texts have no secrets. Immutable.
 *
 * @param detail       the last event, for people
 * @param wanted       topics that the relay subscribes to, those that linger included
 * @param connections  its connections
 * @param rejected     symbols that the venue rejected, with its words; the first ones
 * @param withoutValue topics that the venue accepted and has never sent; the first ones
 * @param recording    its recording; null = it is not recorded
 */
public record FeedReport(String detail, int wanted, List<ConnectionReport> connections, Map<String, String> rejected,
        List<String> withoutValue, RecordingReport recording) {
    /** Without a recording. */
    public FeedReport(final String detail, final int wanted, final List<ConnectionReport> connections,
            final Map<String, String> rejected, final List<String> withoutValue) {
        this(detail, wanted, connections, rejected, withoutValue, null);
    }

    /** With its recording. */
    public FeedReport with(final RecordingReport newRecording) {
        return new FeedReport(detail, wanted, connections, rejected, withoutValue, newRecording);
    }
}
