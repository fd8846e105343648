package penstock.running;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.MergeConfig;
import penstock.fanout.subscription.Interest;
import penstock.feed.FeedProxy;
import penstock.feed.report.FeedReport;
import penstock.memory.MemoryShare;
import penstock.ring.ConflationClass;
import penstock.ring.Conflator;
import penstock.ring.FeedIntroduction;
import penstock.ring.RelayedEpoch;
import penstock.topic.Channel;
import penstock.topic.Feed;

/**
 * The feeds of a relay by their places, also those that have left: the place of merged channels has none. A feed that
 * comes is known here before the shards learn of it through the ring. Changed by the threads that start and reload the
 * relay, one at a time; read by any.
 */
public final class RunningFeeds implements ServedFeeds {
    private static final int NO_RUN = -1;

    /** By number; null at the place of merged channels. */
    private final List<RunningFeed> feeds = new CopyOnWriteArrayList<>();
    private final Map<Integer, RunningFeed> byRun = new ConcurrentHashMap<>();
    /** By number: one of each channel, without topics. */
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final boolean isMerged;
    private final BiConsumer<FeedProxy, FeedConfig> starter;
    private final Consumer<FeedProxy> onEnded;
    private FeedPlaces places;
    private FeedThread thread;
    private FeedGauges gauges;

    /**
     * For the channels of the start, which have {@code places}.
     *
     * @param starter lets a feed that comes connect
     * @param onEnded learns that a feed has ended
     */
    public RunningFeeds(final FeedPlaces places, final List<Channel> channels,
            final BiConsumer<FeedProxy, FeedConfig> starter, final Consumer<FeedProxy> onEnded) {
        this.starter = starter;
        this.onEnded = onEnded;
        this.places = places;
        this.channels.addAll(channels);
        isMerged = channels.stream().anyMatch(channel -> channel.feed().name().equals(MergeConfig.FEED));
    }

    /** Makes the feeds of the start on {@code feedThread}; none connects yet. */
    public void open(final FeedThread feedThread, final List<PlannedFeed> planned) {
        thread = feedThread;
        for (final PlannedFeed each : planned) {
            final RunningFeed feed = thread.prepare(each);
            byRun.put(feed.run(), feed);
            feeds.add(feed);
            thread.recorder().begin(each.number(), feed.recording());
        }
        if (isMerged) {
            feeds.add(null);
        }
    }

    /** Counts the feeds with {@code all}, from now on and as they come. */
    public void count(final FeedGauges all) {
        gauges = all;
        feeds.stream().filter(Objects::nonNull).forEach(gauges::onBegun);
        if (isMerged) {
            gauges.live(MergeConfig.FEED, feeds.size() - 1);
        }
    }

    /** Those with connections, by number. */
    public List<FeedProxy> proxies() {
        return feeds.stream().filter(Objects::nonNull).map(RunningFeed::proxy).toList();
    }

    @Override
    public CompletableFuture<Void> stop() {
        return CompletableFuture.allOf(feeds.stream().filter(Objects::nonNull).map(feed -> feed.proxy().stop())
            .toArray(CompletableFuture[]::new));
    }

    @Override
    public Conflator newConflator(final int channel) {
        return channels.get(channel).newConflator();
    }

    @Override
    public String name(final int number) {
        return feeds.get(number) == null ? MergeConfig.FEED : feeds.get(number).planned().name();
    }

    @Override
    public List<String> withoutValue(final int number) {
        return number >= feeds.size() || feeds.get(number) == null ? List.of()
            : feeds.get(number).planned().venue().counts().namesWithoutValue();
    }

    @Override
    public List<Supplier<CompletableFuture<FeedReport>>> reports() {
        final List<Supplier<CompletableFuture<FeedReport>>> all = new ArrayList<>();
        for (int i = 0; i < feeds.size(); i++) {
            final int number = i;
            all.add(() -> report(number));
        }
        return all;
    }

    CompletableFuture<FeedReport> report(final int number) {
        final RunningFeed feed = feeds.get(number);
        if (feed == null) {
            return CompletableFuture.completedFuture(null);
        }
        return feed.proxy().report().thenApply(report -> report.with(thread.recorder().report(number)));
    }

    @Override
    public Interest interest(final int run) {
        return new Interest() {
            @Override
            public void onAdded(final int channel, final List<String> symbols, final String client) {
                final RunningFeed feed = byRun.get(run);
                if (feed != null) {
                    feed.proxy().addInterest(channel, symbols, client);
                }
            }

            @Override
            public void onRemoved(final int channel, final List<String> symbols) {
                final RunningFeed feed = byRun.get(run);
                if (feed != null) {
                    feed.proxy().removeInterest(channel, symbols);
                }
            }
        };
    }

    /** By number. */
    List<RunningFeed> all() {
        return feeds;
    }

    FeedPlaces places() {
        return places;
    }

    FeedThread thread() {
        return thread;
    }

    /** A feed comes, in its own place. */
    synchronized void begin(final RunningFeed next) {
        final int number = next.planned().number();
        final RunningFeed before = number < feeds.size() ? feeds.get(number) : null;
        final FeedIntroduction known = next.introduction(0);
        for (final FeedIntroduction.Channel each : known.channels()) {
            if (each.number() >= channels.size()) {
                channels.add(new Channel(new Feed(number, known.name(), 0), each, MemoryShare.unlimited()));
            }
        }
        byRun.put(next.run(), next);
        if (before == null) {
            feeds.add(next);
        } else {
            feeds.set(number, next);
        }
        thread.introduce(next, before);
        if (before != null) {
            byRun.remove(before.run());
            onEnded.accept(before.proxy());
        }
        gauges.onBegun(next);
        starter.accept(next.proxy(), next.planned().config());
    }

    /**
     * All feeds begin again, at this epoch: this relay numbers now. {@code whenBegun} runs on the feed thread, in
     * front of all that they publish.
     */
    public synchronized void restart(final long epoch, final Runnable whenBegun) {
        final List<RunningFeed> before = feeds.stream().filter(Objects::nonNull).toList();
        final FeedPlaces fresh = new FeedPlaces();
        final List<RunningFeed> next = new ArrayList<>();
        for (final RunningFeed feed : before) {
            if (!feed.isRemoved()) {
                next.add(thread.prepare(feed.planned().at(fresh.of(feed.planned().key(),
                    feed.planned().plan().place().name(), feed.planned().venue().channels()))));
            }
        }
        final List<FeedIntroduction> coming = new ArrayList<>();
        next.forEach(feed -> coming.add(feed.introduction(nowUs())));
        if (isMerged) {
            coming.add(merged(coming));
        }
        fresh.addMerged(isMerged ? coming.get(coming.size() - 1).channels().size() : 0);
        places = fresh;
        before.forEach(feed -> byRun.remove(feed.run()));
        next.forEach(feed -> byRun.put(feed.run(), feed));
        feeds.clear();
        feeds.addAll(next);
        if (isMerged) {
            feeds.add(null);
        }
        thread.restart(new RelayedEpoch(epoch, false, coming), next, before, () -> {
            whenBegun.run();
            channels.clear();
            channels.addAll(ServedFeeds.channels(coming));
            return channels;
        });
        before.forEach(feed -> onEnded.accept(feed.proxy()));
        next.forEach(feed -> {
            gauges.onBegun(feed);
            starter.accept(feed.proxy(), feed.planned().config());
        });
    }

    private FeedIntroduction merged(final List<FeedIntroduction> others) {
        int number = others.stream().mapToInt(feed -> feed.channels().size()).sum();
        final List<FeedIntroduction.Channel> merged = new ArrayList<>();
        for (final Channel each : channels) {
            if (each.feed().name().equals(MergeConfig.FEED)) {
                merged.add(new FeedIntroduction.Channel(number++, each.name(), ConflationClass.LAST_VALUE,
                    merged.isEmpty()));
            }
        }
        return new FeedIntroduction(others.size(), NO_RUN, MergeConfig.FEED, merged, 0, nowUs());
    }

    private static long nowUs() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    }

    /** All feeds end: what is published is of another relay. */
    public synchronized void end() {
        feeds.stream().filter(Objects::nonNull).forEach(feed -> feed.proxy().replace());
    }

    /** A feed leaves, and keeps its place. */
    synchronized void remove(final RunningFeed leaving) {
        thread.remove(leaving);
        byRun.remove(leaving.run());
        onEnded.accept(leaving.proxy());
        feeds.set(leaving.planned().number(), leaving.removed());
    }

    /** A feed goes on with other topics. */
    synchronized void follow(final int number, final PlannedFeed next) {
        final RunningFeed feed = feeds.get(number);
        feed.proxy().follow(next.plan().channels(), next.config().topics().symbols());
        feeds.set(number, feed.with(next));
    }

    /** A feed goes on with another limit of topics. */
    synchronized void limit(final int number, final PlannedFeed next) {
        final RunningFeed feed = feeds.get(number);
        feed.proxy().limit(next.config().topics().maxTopics());
        feeds.set(number, feed.with(next));
    }

    /** What was planned with {@code planned} is in force. */
    void keep(final FeedPlaces planned) {
        places = planned;
    }
}
