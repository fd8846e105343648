package penstock.feed;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import penstock.config.relay.FeedConfig;
import penstock.time.Hours;
import penstock.upstream.ProxyRoutes;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.InstrumentsSpec;
import penstock.venue.spec.RequestHeaders;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.UpstreamUrl;
import penstock.venue.symbol.ConfiguredSymbols;

/**
 * The feed as configured: a venue, and what the relay's configuration says about it.
 *
 * @param place       among the feeds of the relay
 * @param venue       the rules
 * @param addresses   where it connects
 * @param topics      what the feed subscribes to
 * @param access      how the venue is reached
 * @param onDemand    the limits of a feed whose symbols the subscribers decide, null = its symbols are fixed
 * @param isRedundant two connections subscribe to the same
 */
public record FeedPlan(
        FeedPlace place, Venue venue, FeedAddresses addresses, Topics topics, Access access, OnDemand onDemand,
        boolean isRedundant) {
    /** What the feed subscribes to; a reload changes it. Owned by the feed thread, once the feed has started. */
    public static final class Topics {
        private int max;
        private List<String> channels;
        private List<String> symbols;

        Topics(final List<String> channels, final List<String> symbols, final int max) {
            this.channels = channels;
            this.symbols = symbols;
            this.max = max;
        }

        /** The number of topics from which on new symbols are refused. */
        int max() {
            return max;
        }

        void limit(final int newMax) {
            max = newMax;
        }

        void follow(final List<String> newChannels, final List<String> newSymbols) {
            channels = List.copyOf(newChannels);
            symbols = List.copyOf(newSymbols);
        }
    }

    /**
     * How the venue is reached.
     *
     * @param headers extra headers of the upgrade request, beside the venue's; secrets
     * @param proxies which proxy leads to which host
     */
    public record Access(Map<String, String> headers, ProxyRoutes proxies) {
    }

    /** It must not end a string, a list or a line. */
    private static final Pattern SENDABLE =
        Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{N} ._:/=^@#$&*+-]{0,62}[\\p{L}\\p{N}.=+-])?");
    /** The relay's own endpoint, as another relay sees it. */
    private static final String RAW_ENDPOINT = "/v1/raw";
    private static final long RELAY_SILENCE_MS = 30_000;

    /**
     * Subscribers decide which symbols are requested.
     *
     * @param lingerMs   how long a topic without interest is kept
     * @param maxSymbols           the limit of topics with interest
     * @param maxSymbolsPerAddress of those that the clients of one address bring, 0 = none
     */
    public record OnDemand(long lingerMs, int maxSymbols, int maxSymbolsPerAddress) {
    }

    /** The only feed of a relay. */
    public static FeedPlan of(final Venue venue, final FeedConfig config) {
        return of(FeedPlace.ONLY, venue, config);
    }

    /**
     * Checks and completes: without addresses the venue's own, without channels its default channel.
     *
     * @throws IllegalArgumentException with the key and a remedy
     */
    public static FeedPlan of(final FeedPlace place, final Venue venue, final FeedConfig config) {
        try {
            return planned(place, venue, config);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place.about(e.getMessage()), e);
        }
    }

    private static FeedPlan planned(final FeedPlace place, final Venue venue, final FeedConfig config) {
        final FeedAddresses addresses = FeedAddresses.of(venue, config);
        final List<String> channels = config.topics().channels();
        final List<String> names = venue.channels().stream().map(ChannelSpec::name).toList();
        channels.stream().filter(channel -> !names.contains(channel)).findFirst().ifPresent(channel -> {
            throw new IllegalArgumentException(
                "feed.channels: " + channel + " is none of venue " + venue.name() + "; it has "
                + String.join(", ", names));
        });
        RequestHeaders.check(config.access().headers());
        final Access access =
            new Access(config.access().headers(), ProxyRoutes.of(config.access().proxy(), System::getenv));
        if (config.isOnDemand() && venue.subscribe().isUnsupported()) {
            throw new IllegalArgumentException(
                "feed.symbols: on-demand needs a venue that is asked for symbols, and venue " + venue.name()
                + " has no subscribe.message; remove feed.symbols");
        }
        final List<String> selected = !channels.isEmpty() ? List.copyOf(channels) : config.isOnDemand() ? names
            : defaultChannel(venue);
        final Topics topics = new Topics(selected,
            config.isOnDemand() ? List.of()
            : ConfiguredSymbols.published(config.topics().symbols(), venue.symbols()), config.topics().maxTopics());
        final FeedPlan plan = new FeedPlan(place, venue, addresses, topics, access,
            config.isOnDemand() ? new OnDemand(config.onDemand().lingerMs(), config.onDemand().maxSymbols(),
                config.onDemand().maxSymbolsPerAddress()) : null,
            config.arbitrate());
        plan.checkLines();
        plan.checkRoom();
        return plan;
    }

    /** The same feed in another place. */
    public FeedPlan at(final FeedPlace other) {
        return new FeedPlan(other, venue, addresses, topics, access, onDemand, isRedundant);
    }

    /** The channels by name. */
    public List<String> channels() {
        return topics.channels;
    }

    /** The symbols as they are published; none if the feed is on demand. */
    public List<String> symbols() {
        return topics.symbols;
    }

    /**
     * Whether a running feed with this plan can ask for other topics: {@code next} is the plan of the same venue with
     * others. Subscribers decide on a feed on demand, and a venue that is not asked sends what it wants.
     */
    public boolean canFollow(final FeedPlan next) {
        return !isOnDemand() && !next.isOnDemand() && !venue.subscribe().isUnsupported()
            && venue.name().equals(next.venue.name());
    }

    /** Whether subscribers decide the symbols. */
    public boolean isOnDemand() {
        return onDemand != null;
    }

    /** Whether a symbol that a client names may become part of a message to the venue. */
    static boolean isSendable(final String symbol) {
        return SENDABLE.matcher(symbol).matches();
    }

    /** The topics of the configuration; none if the feed is on demand. */
    Set<TopicKey> fixedTopics() {
        final Set<TopicKey> fixed = new LinkedHashSet<>();
        for (final String channel : channels()) {
            symbols().forEach(symbol -> fixed.add(new TopicKey(venue.channel(channel), symbol)));
        }
        return fixed;
    }

    /** The addresses of all channels. */
    List<UpstreamUrl> urls() {
        return addresses.all();
    }

    /** The names of the addresses that have one of the channels, that of the first channel first. */
    List<String> addressNames() {
        return channels().stream().map(this::address).distinct().toList();
    }

    /** Whether an address is the raw endpoint of another relay, which reports no state. */
    boolean isBehindRelay() {
        return urls().stream().anyMatch(url -> url.target().startsWith(RAW_ENDPOINT));
    }

    /**
     * The watchdogs at an address: data is expected while one of its channels is open. Behind another relay silence
     * must end the connection, because pings go on there for ever.
     */
    ConnectionSpec.Idle idle(final String address) {
        final ConnectionSpec.Idle idle = venue.connection().idle();
        final List<ChannelSpec> used = channels().stream().filter(channel -> address(channel).equals(address))
            .map(name -> venue.channels().get(venue.channel(name))).toList();
        final Hours open = Hours.anyOf(used.stream().map(channel -> channel.hours(idle.open())).toList());
        return new ConnectionSpec.Idle(idle.anyFrameMs(), idle.dataMs() == 0 && isBehindRelay() ? RELAY_SILENCE_MS
            : idle.dataMs(), idle.maxAgeMs(), idle.pingMs(), open, used.stream().allMatch(ChannelSpec::isQuiet));
    }

    /**
     * The list of instruments that names are looked up in, null without one. It is that of the market at the addresses
     * of the venue file: at another address there may be another market.
     */
    InstrumentsSpec instruments() {
        final List<UpstreamUrl> own = FeedAddresses.of(venue).all();
        return isOnDemand() && (own.isEmpty() || own.containsAll(urls())) ? venue.instruments() : null;
    }

    /** Whether it is another feed of the relay, later: what it sends is answered here, and goes nowhere. */
    boolean isDelayed() {
        return urls().stream().anyMatch(url -> url.kind() == UpstreamUrl.Kind.RECORDING);
    }

    /** The limit of items on one connection. */
    int maxItems() {
        return isDelayed() ? topics.max() : venue.connection().limits().maxSubscriptions();
    }

    /** The limit of connection groups at one address, each of one connection, or two. */
    int maxGroups() {
        if (isDelayed()) {
            return 1;
        }
        final ConnectionSpec.Limits limits = venue.connection().limits();
        return limits.logins().isSecondAllowed() ? Math.max(1, limits.maxConnections() / (isRedundant ? 2 : 1)) : 1;
    }

    /** The subscriptions that bring a topic together; none if the venue cannot be asked for that channel. */
    List<SubscribeSpec.Item> items(final int channel, final String symbol) {
        final String name = venue.channels().get(channel).name();
        if (venue.subscribe().isUnsupported() || !channels().contains(name)) {
            return List.of();
        }
        try {
            return venue.subscribe().items(name, symbol);
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private String address(final String channel) {
        return addresses.name(venue.channels().get(venue.channel(channel)).address());
    }

    /** Lines are only read. */
    private void checkLines() {
        final boolean isSending = !venue.subscribe().isUnsupported() || !venue.session().isEmpty()
            || venue.heartbeat().send() != null;
        if (isSending && !isDelayed() && urls().stream().anyMatch(url -> !url.isWebSocket())) {
            throw new IllegalArgumentException("feed.url: lines from " + urls() + " are only read, and venue "
                + venue.name() + " is sent requests (session, subscribe.message or heartbeat.send); use venue json, or "
                + "a file without them");
        }
        if (isRedundant && urls().stream().anyMatch(url -> url.kind() == UpstreamUrl.Kind.STDIN)) {
            throw new IllegalArgumentException(
                "feed.arbitrate: needs two connections, and there is one stdin; remove it");
        }
    }

    private void checkRoom() {
        final ConnectionSpec.Limits limits = venue.connection().limits();
        final long room = (long) maxGroups() * maxItems();
        for (final String address : addressNames()) {
            final long needed = venue.subscribe().items(channels(), symbols()).stream()
                .filter(item -> addresses.name(item.address()).equals(address)).count();
            if (needed > room) {
                throw new IllegalArgumentException("feed.symbols: makes " + needed + " subscriptions, and venue "
                    + venue.name()
                    + " has room for " + room + ": " + maxItems() + " on each of " + maxGroups()
                    + " connections; ask for less, or raise connection.max-connections in its file");
            }
        }
        final long configured = (long) channels().size() * symbols().size();
        if (configured > topics.max()) {
            throw new IllegalArgumentException("feed.max-topics: " + topics.max() + " topics are fewer than the "
                + configured + " of feed.channels and feed.symbols; raise it, and the heap (-Xmx) by 2 KiB a topic");
        }
        if (isRedundant && channels().stream().noneMatch(channel -> venue.isNumbered(venue.channel(channel)))) {
            throw new IllegalArgumentException("feed.arbitrate: venue " + venue.name() + " numbers nothing on "
                + String.join(", ", channels())
                + ", so the first arrival cannot be distinguished from the second; remove it, or give the rule a seq");
        }
        if (isRedundant && !limits.logins().isSecondAllowed()) {
            throw new IllegalArgumentException("feed.arbitrate: needs two connections, and a second login at venue "
                + venue.name() + " ends or is refused (connection.second-login); remove it");
        }
        if (isRedundant && limits.maxConnections() < 2) {
            throw new IllegalArgumentException(
                "feed.arbitrate: needs two connections, and venue " + venue.name() + " allows one; remove it");
        }
    }

    /** Without the values of headers: they hold keys. */
    @Override
    public String toString() {
        final String requested = isOnDemand() ? "symbols on demand" : symbols().size() + " symbols";
        return "venue " + venue.name() + ", " + urls() + ", channels " + channels() + ", " + requested + ", headers "
            + access.headers().keySet();
    }

    private static List<String> defaultChannel(final Venue venue) {
        return venue.channels().stream().filter(ChannelSpec::isDefault).map(ChannelSpec::name).toList();
    }
}
