package penstock.ring;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;

/** The feeds of a publisher: whose each channel is, and what is pending of each feed. Owned by the feed thread. */
final class PublishedFeeds {
    /** By channel: the feed that it is of; empty if there is one feed. */
    private int[] feedOfChannel;
    /** By feed. */
    private ConflationQueue[] pendings;
    /** What the shards do not know yet, in its order. */
    private final Deque<FeedIntroduction> coming = new ArrayDeque<>();
    private final BitSet retired = new BitSet();
    /** Whether the updates of all feeds have one order, which another relay gave them. */
    private boolean isRelayed;
    /** Whether an epoch may still be pending, and with it everything behind it. */
    private boolean isBeginning;

    /** Those of the start, by channel. */
    PublishedFeeds(final int[] feedOfChannel) {
        this.feedOfChannel = feedOfChannel;
        pendings = new ConflationQueue[count(feedOfChannel)];
        Arrays.setAll(pendings, feed -> new ConflationQueue());
    }

    /** How many feeds there are, by channel. */
    static int count(final int[] feedOfChannel) {
        return 1 + Arrays.stream(feedOfChannel).max().orElse(0);
    }

    /** How many places of feeds there are. */
    int places() {
        return pendings.length;
    }

    /** How many of them share the ring. */
    int running() {
        return Math.max(1, pendings.length - retired.cardinality());
    }

    int feed(final int channel) {
        return feedOfChannel.length == 0 ? 0 : feedOfChannel[channel];
    }

    ConflationQueue pending(final int feed) {
        return pendings[isRelayed || isBeginning ? 0 : feed];
    }

    /** All that could be published was: what waits behind an epoch, waits no longer. */
    void onFlushed() {
        isBeginning &= !pendings[0].isEmpty();
    }

    boolean isBehind() {
        for (final ConflationQueue pending : pendings) {
            if (!pending.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** A feed is to be introduced, behind what is pending of the one in its place. */
    void add(final FeedIntroduction feed) {
        if (feed.number() == pendings.length) {
            pendings = Arrays.copyOf(pendings, pendings.length + 1);
            pendings[feed.number()] = new ConflationQueue();
        }
        for (final FeedIntroduction.Channel channel : feed.channels()) {
            if (channel.number() >= feedOfChannel.length) {
                feedOfChannel = Arrays.copyOf(feedOfChannel, channel.number() + 1);
            }
            feedOfChannel[channel.number()] = feed.number();
        }
        retired.clear(feed.number());
        coming.add(feed);
        pending(feed.number()).append(new PendingEntry.Introduction(feed));
    }

    /** Other feeds take the places of all feeds, and nothing of those is pending any more. */
    void begin(final RelayedEpoch begun) {
        isRelayed = begun.byAnother();
        isBeginning = true;
        retired.clear();
        coming.clear();
        pendings = new ConflationQueue[begun.feeds().size()];
        Arrays.setAll(pendings, feed -> new ConflationQueue());
        feedOfChannel = new int[begun.feeds().stream().mapToInt(feed -> feed.channels().size()).sum()];
        begun.feeds().forEach(feed -> feed.channels()
            .forEach(channel -> feedOfChannel[channel.number()] = feed.number()));
        pendings[0].append(new PendingEntry.Epoch(begun));
    }

    void retire(final int feed) {
        retired.set(feed);
    }

    /** Whether an event may be published: feeds are introduced in the order in which they came. */
    boolean isNext(final PendingEntry event) {
        return !(event instanceof PendingEntry.Introduction coming) || coming.introduced == this.coming.peek();
    }

    /** The next feed was introduced. */
    void onPublished() {
        coming.remove();
    }
}
