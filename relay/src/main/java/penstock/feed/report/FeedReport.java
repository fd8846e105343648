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
 */
public record FeedReport(String detail, int wanted, List<ConnectionReport> connections, Map<String, String> rejected,
        List<String> withoutValue) {
}
