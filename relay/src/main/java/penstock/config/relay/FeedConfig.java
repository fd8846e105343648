package penstock.config.relay;

import java.util.List;
import java.util.Map;
import penstock.config.BusLogin;
import penstock.config.Inline;
import penstock.config.Secret;
import penstock.config.VenueSettings;
import penstock.text.Address;

/**
 * The upstream. Immutable.
 *
 * @param urls      empty: use the addresses of the venue file
 * @param settings  what is chosen of the venue file
 */
public record FeedConfig(@Inline Identity identity, List<Address> urls, @Inline Topics topics,
        @Inline Access access, @Inline OnDemand onDemand, @Inline Reception reception,
        @Inline VenueSettings settings) {

    /** Instead of symbols: subscribers decide. */
    public static final String ON_DEMAND = "on-demand";

    /** The venue of a relay behind another one. */
    public static final String RELAY = "penstock";

    /** What a topic takes in the feed's index or in a shard, twice: the default leaves half of the heap to the rest. */
    private static final long TOPIC_BYTES = 2_048;

    static final int MAX_TOPICS = 10_000_000;

    private static final OnDemand DEFAULT_ON_DEMAND = new OnDemand(30_000, 10_000, 2_500, 9_000);

    /**
     * The names of the feed.
     *
     * @param name  the name that subscribers see, null = the venue's
     * @param venue the name of a built-in venue, or the path of a venue file
     */
    public record Identity(String name, String venue) {
    }

    /**
     * The topics that the feed subscribes to.
     *
     * @param channels  empty: the venue's default channel
     * @param symbols   the single word {@link #ON_DEMAND} when subscribers decide
     * @param maxTopics the number of topics from which on new symbols are refused
     */
    public record Topics(List<String> channels, List<String> symbols, int maxTopics) {
        /** With the default number of topics. */
        public Topics(final List<String> channels, final List<String> symbols) {
            this(channels, symbols, defaultMaxTopics(ServerConfig.defaultThreads()));
        }
    }

    /**
     * How the venue is reached.
     *
     * @param headers extra headers of the upgrade request
     * @param proxy   address of an HTTP proxy, {@code none}, or null = the environment decides
     * @param bus     if it is reached over a bus
     */
    public record Access(@Secret Map<String, String> headers, String proxy, Tls tls, Bus bus) {
        /** With the trust store of the JVM, and not over a bus. */
        public Access(final Map<String, String> headers, final String proxy) {
            this(headers, proxy, Tls.DEFAULT, Bus.NONE);
        }
    }

    /**
     * What is read of a bus. Immutable.
     *
     * @param subject the beginning of the subjects of each feed; empty = it is no bus
     */
    public record Bus(List<String> subject, @Inline BusLogin login) {
        /** There is no bus. */
        public static final Bus NONE = new Bus(List.of(), BusLogin.NONE);

        @Override
        public String toString() {
            return EffectiveConfig.oneLine(this);
        }
    }

    /**
     * What becomes of what the venue sends.
     *
     * @param arbitrate two connections subscribe to the same topics, and the first arrival of an update counts
     * @param record    directory of the recording; null = it is not recorded
     * @param delayed   the feed whose recording is played instead of a venue
     */
    public record Reception(boolean arbitrate, String record, Delayed delayed) {
        /** Of a venue. */
        public Reception(final boolean arbitrate, final String record) {
            this(arbitrate, record, Delayed.NOT);
        }
    }

    /**
     * Another feed of the relay, later.
     *
     * @param of   its name; null = this feed has a venue of its own
     * @param byMs how much later
     */
    public record Delayed(String of, long byMs) {
        /** The default lag, of a feed that is not delayed. */
        public static final Delayed NOT = new Delayed(null, 900_000);
        /** Before the name of the other feed: the address of such a feed. */
        public static final String SCHEME = "recording:";
    }

    /**
     * TLS towards the venue. The files are PEM.
     *
     * @param authorities whom the relay trusts, instead of the JVM's trust store; null = that store
     * @param certificate the relay's own certificate first, then those of the authorities; null = none
     * @param key         the private key of the certificate
     */
    public record Tls(String authorities, String certificate, String key) {
        /** The trust store of the JVM, and no certificate of its own. */
        public static final Tls DEFAULT = new Tls(null, null, null);
    }

    /**
     * Limits of a feed whose subscribers decide.
     *
     * @param lingerMs   how long a topic stays subscribed after its last subscriber has left
     * @param maxSymbols number of topics at the same time
     * @param maxSymbolsPerSession number of symbols that one session names
     * @param maxSymbolsPerAddress number of topics that the clients of one address bring, 0 = no limit
     */
    public record OnDemand(long lingerMs, int maxSymbols, int maxSymbolsPerSession, int maxSymbolsPerAddress) {
    }

    /** One that is not recorded. */
    public FeedConfig(final Identity identity, final List<Address> urls, final Topics topics, final Access access,
            final OnDemand onDemand, final boolean arbitrate, final VenueSettings settings) {
        this(identity, urls, topics, access, onDemand, new Reception(arbitrate, null), settings);
    }

    /** A feed of these symbols over one connection. */
    public FeedConfig(final String name, final String venue, final List<String> urls, final List<String> channels,
            final List<String> symbols, final Map<String, String> headers) {
        this(new Identity(name, venue), urls.stream().map(Address::new).toList(), new Topics(channels, symbols),
            new Access(headers, null), DEFAULT_ON_DEMAND, false, VenueSettings.DEFAULT);
    }

    /** As many topics as fit half of the largest heap: each is stored by the feed, and by each of the io threads. */
    static int defaultMaxTopics(final int ioThreads) {
        return (int) Math.min(MAX_TOPICS, Runtime.getRuntime().maxMemory() / (TOPIC_BYTES * (1 + ioThreads)));
    }

    /** Two connections subscribe to the same topics, and the first arrival of an update counts. */
    public boolean arbitrate() {
        return reception.arbitrate();
    }

    /** Whether the addresses are those of a bus. */
    public boolean isOverBus() {
        return urls.stream().anyMatch(url -> isOfBus(url.text()));
    }

    /** Whether an address is that of a bus. */
    static boolean isOfBus(final String url) {
        return url.startsWith("nats:") || url.startsWith("tls:");
    }

    /** Directory of the recording; null = the feed is not recorded. */
    public String record() {
        return reception.record();
    }

    /** True if subscribers decide which symbols the venue is asked for. */
    public boolean isOnDemand() {
        return topics.symbols().size() == 1 && topics.symbols().get(0).equals(ON_DEMAND);
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
