package penstock.running;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import penstock.fanout.subscription.Interest;
import penstock.feed.report.FeedReport;
import penstock.memory.MemoryShare;
import penstock.ring.Conflator;
import penstock.ring.FeedIntroduction;
import penstock.topic.Channel;
import penstock.topic.Feed;

/** What the parts of a relay ask of its feeds, whether they are its own or those of another relay. Any thread. */
public interface ServedFeeds {
    /** The channels that feeds come with, without topics. */
    static List<Channel> channels(final List<FeedIntroduction> feeds) {
        final List<Channel> all = new ArrayList<>();
        for (final FeedIntroduction each : feeds) {
            final Feed feed = new Feed(each.number(), each.name(), 0);
            each.channels().forEach(channel -> all.add(new Channel(feed, channel, MemoryShare.unlimited())));
        }
        return List.copyOf(all);
    }

    /** Passes the symbols that subscribers name to the feed of a run, as long as it runs. */
    Interest interest(int run);

    /** Conflates updates of a topic of that channel. On the feed thread. */
    Conflator newConflator(int channel);

    /** What clients call a feed. */
    String name(int number);

    /** Names of topics that a feed has asked its venue for in vain. */
    List<String> withoutValue(int number);

    /** Asks for the reports of all feeds, by number; null of one without connections. */
    List<Supplier<CompletableFuture<FeedReport>>> reports();

    /** Closes the connections; done when the sockets are closed. */
    CompletableFuture<Void> stop();
}
