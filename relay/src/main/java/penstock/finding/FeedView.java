package penstock.finding;

import penstock.feed.report.FeedReport;
import penstock.topic.FeedStatus;

/**
 * A feed at the moment of the question. Immutable.
 *
 * @param name   what clients call it
 * @param status its state, as clients see it
 * @param report what the feed thread says; null if it does not answer, or if the feed has no connections
 */
public record FeedView(String name, FeedStatus status, FeedReport report) {
    String title() {
        return "feed " + name;
    }
}
