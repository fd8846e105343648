package penstock.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import javax.net.ssl.SSLContext;
import org.xnio.XnioIoThread;
import penstock.config.relay.FeedConfig;
import penstock.fanout.subscription.Interest;
import penstock.feed.report.FeedReport;
import penstock.link.LinkPlan;
import penstock.link.LinkProxy;
import penstock.link.LinkReading;
import penstock.link.LinkTarget;
import penstock.link.bus.BusSource;
import penstock.ring.Conflator;
import penstock.ring.FeedIntroduction;
import penstock.ring.RelayedEpoch;
import penstock.ring.TickPublisher;
import penstock.running.ServedFeeds;
import penstock.telemetry.Telemetry;
import penstock.text.Address;
import penstock.topic.Channel;
import penstock.upstream.ProxyRoutes;

/**
 * The feeds of another relay, in place of own ones: they come with its welcome, and change with its epoch. Started and
 * stopped by one thread; the readings are for any.
 */
public final class EdgeFeeds implements ServedFeeds {
    /** The feeds and the channels of the last welcome, by number. */
    private record Known(List<String> feeds, List<Channel> channels) {
    }

    private static final long NS_PER_SECOND = 1_000_000_000;

    private final RelayId id;
    private volatile EdgeWords words = EdgeWords.NONE;
    private final Consumer<List<String>> onHops;
    private volatile Known known = new Known(List.of(), List.of());
    private Supplier<LinkProxy> links;
    /** Null while none is followed. */
    private volatile LinkProxy link;
    /** Runs on the feed thread, in front of an epoch. */
    private volatile Runnable whenBegun = () -> { };

    /** {@code onHops} learns the ids of the relays from the venue to this one, as they change. */
    public EdgeFeeds(final RelayId id, final Consumer<List<String>> onHops) {
        this.id = id;
        this.onHops = onHops;
    }

    /** Where the other relay is. */
    @FunctionalInterface
    public interface Source {
        /**
         * A link to it, which does not connect yet.
         *
         * @param thread  the only io thread of the feed's own worker
         * @param relayId the id of this relay among the hops
         */
        LinkProxy link(XnioIoThread thread, String relayId, LinkTarget target, Telemetry telemetry);

        /**
         * At addresses of relays with the same data.
         *
         * @param tls whom the link trusts, null = the trust store of the JVM
         */
        static Source at(final List<Address> urls, final FeedConfig.Access access, final int maxTopics,
                final SSLContext tls) {
            final List<String> texts = urls.stream().map(Address::text).toList();
            // what is wrong with them is found now
            LinkPlan.of(texts, "checked", maxTopics);
            final LinkProxy.Access way = new LinkProxy.Access(access.headers(),
                ProxyRoutes.of(access.proxy(), System::getenv), tls);
            return (thread, relayId, target, telemetry) ->
                LinkProxy.over(thread, LinkPlan.of(texts, relayId, maxTopics), way, target, telemetry);
        }

        /** On a bus. */
        static Source on(final BusSource bus, final int maxTopics) {
            return (thread, relayId, target, telemetry) -> bus.link(thread, relayId, maxTopics, target, telemetry);
        }
    }

    /** Makes links that do not connect yet. */
    public interface Links {
        /** A link of the relay with that id among the hops, which publishes into {@code target}. */
        LinkProxy make(String relayId, LinkTarget target);
    }

    /** What is said over links beside data. Before the first one. */
    public void words(final EdgeWords said) {
        words = said;
    }

    /** Links go over the network, on the feed thread; none connects yet. */
    public void open(final XnioIoThread thread, final Source source, final TickPublisher publisher,
            final Telemetry telemetry) {
        open((relayId, target) -> source.link(thread, relayId, target, telemetry), publisher, telemetry);
    }

    /** Says how links are made; none connects yet. */
    public void open(final Links making, final TickPublisher publisher, final Telemetry telemetry) {
        links = () -> making.make(id.text(), new EdgeTicks(publisher, this::onEpoch, this::onHops, words));
        telemetry.gauge("penstock_link_live", "1 while the link to the relay in front of this one is live.",
            () -> read(each -> each.where().isLive() ? 1 : 0));
        telemetry.seconds("penstock_link_lag_seconds", "Age of the newest update of the link when it was published, "
            + "since the first relay received it, and for how long nothing has come since.", NS_PER_SECOND,
            () -> read(each -> each.lagNs() < 0 ? Telemetry.UNKNOWN : each.lagNs()));
        telemetry.gauge("penstock_link_held_bytes", "Bytes of the link that wait for what has a lower position.",
            () -> read(LinkReading::held));
    }

    private long read(final ToLongFunction<LinkReading> figure) {
        final LinkReading now = reading();
        return now == null ? Telemetry.UNKNOWN : figure.applyAsLong(now);
    }

    /** Where the link is; null while none is followed. Any thread. */
    public LinkReading reading() {
        final LinkProxy now = link;
        return now == null ? null : now.reading();
    }

    /** Connects; {@code begun} runs on the feed thread in front of each epoch that comes. */
    public void follow(final Runnable begun) {
        whenBegun = begun;
        link = links.get();
        link.start();
    }

    /** Ends the link, if there is one: nothing more of the other relay is published. */
    public void leave() {
        final LinkProxy left = link;
        link = null;
        if (left != null) {
            left.suspend("this relay has the lease");
            left.stop();
        }
    }

    /** On the feed thread: what follows has these feeds. */
    private void onEpoch(final RelayedEpoch begun) {
        whenBegun.run();
        known = new Known(begun.feeds().stream().map(FeedIntroduction::name).toList(),
            ServedFeeds.channels(begun.feeds()));
    }

    private void onHops(final List<String> relays) {
        final List<String> hops = new ArrayList<>(relays);
        hops.add(id.text());
        onHops.accept(hops);
    }

    @Override
    public Interest interest(final int run) {
        return new Interest() {
            @Override
            public void onAdded(final int channel, final List<String> symbols, final String client) {
                final LinkProxy now = link;
                if (now != null) {
                    now.addInterest(channel, symbols);
                }
            }

            @Override
            public void onRemoved(final int channel, final List<String> symbols) {
                final LinkProxy now = link;
                if (now != null) {
                    now.removeInterest(channel, symbols);
                }
            }
        };
    }

    @Override
    public Conflator newConflator(final int channel) {
        return known.channels.get(channel).newConflator();
    }

    @Override
    public String name(final int number) {
        return number < known.feeds.size() ? known.feeds.get(number) : "feed";
    }

    @Override
    public List<String> withoutValue(final int number) {
        return List.of();
    }

    /** All come over one link. */
    @Override
    public List<Supplier<CompletableFuture<FeedReport>>> reports() {
        final LinkProxy now = link;
        final List<Supplier<CompletableFuture<FeedReport>>> all = new ArrayList<>();
        for (int i = 0; i < Math.max(1, known.feeds.size()); i++) {
            all.add(now == null ? () -> CompletableFuture.completedFuture(null) : now::report);
        }
        return all;
    }

    @Override
    public CompletableFuture<Void> stop() {
        final LinkProxy now = link;
        return now == null ? CompletableFuture.completedFuture(null) : now.stop();
    }
}
