package penstock;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.AuthConfig;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.LeaseConfig;
import penstock.config.relay.MergeConfig;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.ServerConfig;
import penstock.edge.EdgeFeeds;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.feed.FeedPlace;
import penstock.feed.FeedPlan;
import penstock.feed.merge.Merge;
import penstock.feed.merge.MergedChannel;
import penstock.ingest.IngestLease;
import penstock.link.bus.BusSource;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.nats.NatsSettings;
import penstock.ring.ConflationClass;
import penstock.ring.TickPublisher;
import penstock.running.FeedPlaces;
import penstock.running.PlannedFeed;
import penstock.server.RelayServer;
import penstock.server.tls.ServerTls;
import penstock.telemetry.TelemetryDirectory;
import penstock.text.Address;
import penstock.text.Suggestion;
import penstock.text.Version;
import penstock.tls.ClientTls;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;

/** The settings of a relay's parts, derived from a configuration and venues that fit together. Immutable. */
final class RelayPlan {
    private static final Logger LOG = LoggerFactory.getLogger(RelayPlan.class);
    /** A symbol of 20 characters in a request, with quotes, comma and blank. */
    private static final int SYMBOL_BYTES = 24;

    /** Of the largest update of another relay: a book of 50,000 levels. */
    private static final int EDGE_UPDATE_BYTES = 2 << 20;

    private final RelayConfig config;
    private final List<PlannedFeed> planned = new ArrayList<>();
    private final List<FeedPlan> feeds = new ArrayList<>();
    private final FeedPlaces places = new FeedPlaces();
    /** Null = there never is one. */
    private final EdgeFeeds.Source source;
    private final ServerTls subscribersTls;
    private final ServerTls operatorsTls;

    /**
     * Reads the certificates too. Throws {@link IllegalArgumentException} if they are of no use, or if configuration
     * and venues do not fit together, with the remedy.
     *
     * @param venues of the feeds, in their order
     */
    RelayPlan(final RelayConfig config, final List<Venue> venues) {
        this.config = config;
        config.feeds().forEach((key, feed) -> plan(key, feed, venues.get(feeds.size())));
        config.feeds().forEach(this::checkDelayed);
        places.addMerged(config.upstreams().merge().size());
        config.upstreams().merge().forEach(this::checkMerge);
        if (!config.isEdge()) {
            // those of another relay are not known yet
            refuseUnknownChannels();
        }
        subscribersTls = tls("server.tls", config.server().listen().tls());
        operatorsTls = tls("admin.tls", config.admin().tls());
        source = source(config);
        warnOfSmallFrames();
        warnOfOpenDoor();
        warnOfTwoConnections();
    }

    private void plan(final String key, final FeedConfig feed, final Venue venue) {
        if (!venue.missingVariables().isEmpty()) {
            throw new IllegalArgumentException("venue " + venue.name()
                + " needs environment variables that are not set: " + String.join(", ", venue.missingVariables()));
        }
        final String name = feed.identity().name();
        // one that stands in feeds is called by its name also while it is the only one
        final FeedPlace place = places.of(key, config.upstreams().feed() == null ? name : null, venue.channels());
        final FeedPlan plan = FeedPlan.of(place, venue, feed);
        final String delayed = feed.reception().delayed().of();
        planned.add(new PlannedFeed(key, name == null ? venue.name() : name, feed, plan, tls(key, feed.access().tls()),
            delayed == null ? null : config.upstreams().feeds().get(delayed).record()));
        feeds.add(plan);
    }

    /** Of two connections each update is recorded twice: only the venue's numbers say so. */
    private void checkDelayed(final String key, final FeedConfig feed) {
        final String of = feed.reception().delayed().of();
        if (of == null || !config.upstreams().feeds().get(of).arbitrate()) {
            return;
        }
        final FeedPlan plan = feeds.get(List.copyOf(config.feeds().keySet()).indexOf(key));
        plan.channels().stream().filter(channel -> !plan.venue().isNumbered(plan.venue().channel(channel))).findFirst()
            .ifPresent(channel -> {
                throw new IllegalArgumentException(key + ".delayed.of: feed " + of
                    + " has two connections (arbitrate), and venue " + plan.venue().name() + " numbers nothing on "
                    + channel + ", so each update would come twice; leave it out of " + key
                    + ".channels, or record a feed with one connection");
            });
    }

    /**
     * Each feed of a merged channel must send whole values of symbols that are known from the start, without a field
     * of the name that {@link Merge} adds.
     */
    private void checkMerge(final String channel, final MergeConfig merge) {
        for (final String name : merge.from()) {
            final FeedPlan feed = feed(name);
            final boolean isLastValue = feed.venue().channels().stream().anyMatch(
                spec -> spec.name().equals(channel) && spec.conflation() == ConflationClass.LAST_VALUE);
            final String problem = !feed.channels().contains(channel)
                ? "does not subscribe to it: add it to feeds." + name + ".channels"
                : !isLastValue ? "has it in another class than last-value: leave it out"
                : feed.isOnDemand() ? "is on demand: list its symbols"
                : fieldProblem(feed.venue().fields(feed.venue().channel(channel)));
            if (problem != null) {
                throw new IllegalArgumentException("merge." + channel + ".from: feed " + name + " " + problem);
            }
        }
    }

    private static String fieldProblem(final Set<String> fields) {
        if (fields == null) {
            return "publishes the venue's own bytes in it, which may have a field from, as merge adds one: choose the "
                + "fields with emit { … } in its rules, and leave feed.values at normalised";
        }
        return fields.contains(Merge.FROM) ? "has a field from in it, as merge adds one: rename it in emit { … }"
            : null;
    }

    private FeedPlan feed(final String name) {
        return planned.stream().filter(feed -> name.equals(feed.name())).findFirst().orElseThrow().plan();
    }

    /** By channel: the number of its feed. */
    int[] feedOfChannel(final List<Channel> channels) {
        return channels.stream().mapToInt(channel -> channel.feed().number()).toArray();
    }

    /** Makes the merged channels of feeds with these channels; null if there are none. */
    Merge merge(final TickPublisher publisher, final List<Channel> channels) {
        return config.upstreams().merge().isEmpty() ? null
            : new Merge(publisher, channels.get(channels.size() - 1).feed().number(), feedOfChannel(channels),
                merged(channels));
    }

    /** The merged channels, with the numbers that {@link #channels} gives them and their sources. */
    List<MergedChannel> merged(final List<Channel> channels) {
        final List<MergedChannel> merged = new ArrayList<>();
        config.upstreams().merge().forEach((name, merge) -> merged.add(new MergedChannel(
            index(channels, MergeConfig.FEED, name),
            merge.from().stream().map(feed -> index(channels, feed, name)).toList(), merge.from(),
            merge.prefer() == MergeConfig.Prefer.FIRST, TimeUnit.MILLISECONDS.toNanos(merge.maxAgeMs()))));
        return merged;
    }

    private static int index(final List<Channel> channels, final String feed, final String name) {
        return channels.stream().filter(channel -> channel.feed().name().equals(feed) && channel.name().equals(name))
            .findFirst().orElseThrow().index();
    }

    /** A product of a channel that does not exist would grant nothing, and no client would learn why. */
    private void refuseUnknownChannels() {
        final List<Channel> all = channels(MemoryShare.unlimited(), 0);
        final List<String> names = all.stream().map(channel -> channel.feed().name()).distinct().toList();
        config.products().forEach((product, granted) -> {
            granted.feeds().stream().filter(feed -> !names.contains(feed)).forEach(feed -> {
                throw new IllegalArgumentException("products." + product + ".feeds: there is no feed " + feed + "; "
                    + Suggestion.remedy(feed, names));
            });
            final List<String> of = granted.feeds().isEmpty() ? names : granted.feeds();
            final List<String> known = all.stream().filter(channel -> of.contains(channel.feed().name()))
                .map(Channel::name).distinct().toList();
            granted.channels().stream().filter(channel -> !known.contains(channel)).forEach(channel -> {
                throw new IllegalArgumentException("products." + product + ".channels: " + venues()
                    + " has no channel " + channel + "; " + Suggestion.remedy(channel, known));
            });
        });
    }

    private String venues() {
        return "venue " + feeds.stream().map(feed -> feed.venue().name()).distinct().collect(Collectors.joining(", "));
    }

    private static ServerTls tls(final String section, final ServerConfig.Tls tls) {
        return tls.isOn() ? new ServerTls(section, tls) : null;
    }

    private static SSLContext tls(final String key, final FeedConfig.Tls tls) {
        return tls.authorities() == null && tls.certificate() == null ? null : new ClientTls(key + ".tls",
            new ClientTls.PemFiles(tls.authorities(), tls.certificate(), tls.key())).context();
    }

    /** Null = subscribers speak plain HTTP. */
    ServerTls subscribersTls() {
        return subscribersTls;
    }

    /** Where the relay in front of this one is; null = there never is one. */
    EdgeFeeds.Source source() {
        return source;
    }

    private static EdgeFeeds.Source source(final RelayConfig config) {
        if (config.isEdge() && config.feed().isOverBus()) {
            return EdgeFeeds.Source.on(new BusSource(new NatsSettings(
                config.feed().urls().stream().map(Address::text).toList(), IngestLease.name(config),
                config.feed().access().bus().login(), tls("feed", config.feed().access().tls())),
                config.feed().access().bus().subject()), config.feed().topics().maxTopics());
        }
        if (config.isEdge()) {
            return EdgeFeeds.Source.at(config.feed().urls(), config.feed().access(),
                config.feed().topics().maxTopics(), tls("feed", config.feed().access().tls()));
        }
        return config.lease().peers().isEmpty() ? null : EdgeFeeds.Source.at(config.lease().peers(),
            new FeedConfig.Access(config.lease().headers(), "none"), config.feed().topics().maxTopics(),
            tls("lease", config.lease().tls()));
    }

    /** Whether clients are refused until the relay knows an epoch: that of another relay, or of the lease. */
    boolean isEpochAwaited() {
        return source != null;
    }

    /** Null = operators speak plain HTTP. */
    ServerTls operatorsTls() {
        return operatorsTls;
    }

    /** A client learns of the limit of symbols in its welcome, and of the limit of bytes by an error. */
    private void warnOfSmallFrames() {
        final int symbols = config.fanout().limits().symbols();
        final int frameBytes = config.server().limits().maxFrameBytes();
        if ((long) symbols * SYMBOL_BYTES > frameBytes) {
            LOG.warn("server.max-frame: {} bytes hold about {} symbols of 20 characters in one request, fewer than "
                + "fanout.limits.symbols = {}; raise it to {}", frameBytes, frameBytes / SYMBOL_BYTES, symbols,
                (long) symbols * SYMBOL_BYTES);
        }
    }

    /** A holder that alone loses etcd stays connected beside its successor. */
    private void warnOfTwoConnections() {
        if (config.lease().isShared() && config.lease().onQuorumLoss() == LeaseConfig.OnQuorumLoss.HOLD) {
            feeds.stream().map(FeedPlan::venue).filter(venue -> venue.connection().limits().logins().isSecondAllowed())
                .map(Venue::name).distinct().forEach(name -> LOG.warn("lease.on-quorum-loss = hold: if this relay "
                + "alone is cut off from etcd, it and another one are connected to {}, which allows a second login "
                + "(connection.second-login); set close to prevent that", name));
        }
    }

    /** Everyone who reaches the port sees everything. */
    private void warnOfOpenDoor() {
        if (config.auth().mode() == AuthConfig.Mode.NONE && !config.server().listen().isLoopback()) {
            LOG.warn("server.host = {} lets other machines connect, and auth.mode = none lets every client see "
                + "everything: set auth.mode = keys and auth.keys-file, or server.host = 127.0.0.1",
                config.server().listen().host());
        }
    }

    /** What it was derived from. */
    RelayConfig config() {
        return config;
    }

    /** The feeds in their order. */
    List<FeedPlan> feeds() {
        return feeds;
    }

    /** The same with what else the relay's configuration says of them. */
    List<PlannedFeed> planned() {
        return planned;
    }

    /** The places that they have, with those of merged channels. */
    FeedPlaces places() {
        return places;
    }

    /**
     * New channels of the venues; a shard needs its own, because they hold its topics and account its views.
     *
     * @param nowUs when the relay begins to wait for the feeds
     */
    List<Channel> channels(final MemoryShare memory, final long nowUs) {
        final List<Channel> channels = new ArrayList<>();
        for (final PlannedFeed plan : planned) {
            final Feed feed = new Feed(plan.number(), plan.name(), nowUs);
            for (final ChannelSpec spec : plan.plan().venue().channels()) {
                channels.add(new Channel(feed, channels.size(), spec.name(), spec.conflation().spelling(),
                    spec.isDefault(), memory));
            }
        }
        final Feed merged = new Feed(feeds.size(), MergeConfig.FEED, nowUs);
        for (final String name : config.upstreams().merge().keySet()) {
            channels.add(new Channel(merged, channels.size(), name, ConflationClass.LAST_VALUE.spelling(),
                channels.isEmpty() || channels.get(channels.size() - 1).feed() != merged, memory));
        }
        return channels;
    }

    SessionSettings sessions() {
        return sessions(config.server().limits().maxFrameBytes());
    }

    /** With messages of clients of at most that size. */
    SessionSettings sessions(final int maxFrameBytes) {
        final var fanout = config.fanout();
        final SessionTimeouts timeouts = new SessionTimeouts(TimeUnit.MILLISECONDS.toNanos(fanout.heartbeatMs()),
            TimeUnit.MILLISECONDS.toNanos(fanout.pingEveryMs()), TimeUnit.MILLISECONDS.toNanos(fanout.pongWithinMs()),
            TimeUnit.MILLISECONDS.toNanos(fanout.evictBlockedAfterMs()));
        return new SessionSettings(Version.TEXT, (int) fanout.interval().defaultMs(), timeouts,
            RelayServer.limits(fanout, maxFrameBytes));
    }

    /** A payload must fit into half of its feed's share of the payload ring, wherever the last one ended. */
    int payloadBytes() {
        final int largest = feeds.stream().mapToInt(feed -> feed.venue().connection().framing().maxFrameBytes()).max()
            .orElse(EDGE_UPDATE_BYTES);
        return (int) Math.min(Integer.MAX_VALUE / 2, Math.max(config.ring().bytes(), 2L * largest
            * (feeds.size() + (config.upstreams().merge().isEmpty() ? 0 : 1))));
    }

    /** Bytes by use, for all shards together. */
    Map<MemoryUse, Long> memory() {
        final var memory = config.limits().memory();
        return Map.of(MemoryUse.PARTIAL_MESSAGES, memory.partialMessagesBytes(),
            MemoryUse.RESPONSES, memory.responsesBytes(), MemoryUse.NAMES, memory.namesBytes(),
            MemoryUse.VIEWS, memory.viewsBytes(), MemoryUse.SUBSCRIPTIONS, memory.subscriptionsBytes());
    }

    /** What a feed is called on a bus: the only one may have no name but that of its venue. */
    String subject(final Feed feed) {
        return feed.name() != null ? feed.name() : planned.get(feed.number()).name();
    }

    Path telemetryDirectory() {
        return config.telemetry().dir() == null ? TelemetryDirectory.ofPort(config.server().listen().port())
            : Path.of(config.telemetry().dir());
    }
}
