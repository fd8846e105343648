package penstock.venue.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.FlagKey;
import penstock.config.KeyTable.NumberKey;
import penstock.config.KeyTable.SizeKey;
import penstock.text.Address;
import penstock.time.Hours;
import penstock.time.OpenHours;
import penstock.time.RateSpec;

/**
 * How to connect to a venue, and when to give a connection up.
 *
 * @param endpoint  where to connect, and what the upgrade request says
 * @param framing   which frames carry messages, and how they are compressed
 * @param timing    how long connecting may take, and how long a connection may live
 * @param idle      how long silence may last before the connection counts as dead
 * @param reconnect how long to wait before the next attempt
 * @param rates     the venue's rate limits
 * @param limits    the venue's limits on connections and subscriptions
 */
public record ConnectionSpec(Endpoint endpoint, Framing framing, Timing timing, Idle idle, Reconnect reconnect,
        Rates rates, Limits limits) {
    /** The keys of {@code connection}. */
    public static final KeyTable KEYS = KeyTable.of("connection").include("connect-rate", RateSpec.keys(
        "Connection attempts in any window of `per`, over all connections of the feed.", false));
    private static final String URLS = KEYS.key("urls", "list of templates", "`[]`",
        "Addresses, `ws://` or `wss://`, tried in turn. Empty: `feed.url` must be set.");
    static final String ADDRESSES = KEYS.key("addresses", "map of templates or lists of templates", "`{}`",
        "Further addresses by name, for channels that the venue has elsewhere: "
        + "`{ business = \"wss://…/business\" }`, and `address = business` in such a channel. A feed makes connections "
        + "of their own to each, and asks there for the channels of that address; those that name none are at `urls`. "
        + "Session, heartbeat, rates and limits hold for each connection. With `feed.url` the relay asks there for all "
        + "channels.");
    private static final String HEADERS = KEYS.key("headers", "map of templates", "`{}`",
        "Headers of the upgrade request.");
    private static final String SUBPROTOCOL = KEYS.key("subprotocol", "text", KeyTable.NONE,
        "WebSocket subprotocol to offer.");
    private static final ChoiceKey<Frames> FRAMES = KEYS.choice("frames", Frames.TEXT, "Which frames carry messages.");
    private static final ChoiceKey<Compression> COMPRESSION =
        KEYS.choice("compression", Compression.OFF, "Whether to offer permessage-deflate.");
    private static final ChoiceKey<PayloadCodec.Kind> PAYLOAD =
        KEYS.choice("payload", PayloadCodec.Kind.NONE, "How the payload of binary frames is compressed.");
    private static final ChoiceKey<Split> SPLIT = KEYS.choice("split", Split.NONE,
        "How a frame holds several documents: one per line; separated by the byte 0x1E; or glued, where each "
        + "object or array ends with its bracket. A bad document costs only itself, unless its brackets do not "
        + "close: then `documents` cannot find the next one.");
    private static final String STRIP = KEYS.key("strip", "text or list of texts", "`[]`",
        "Characters before the JSON of a document, like `\"42\"` for socket.io; the first that fits is removed.");
    private static final SizeKey MAX_FRAME = KEYS.size("max-frame", 4 << 20, 1 << 10, 256 << 20,
        "Largest message, all fragments together.");
    private static final SizeKey MAX_INFLATED = KEYS.size("max-inflated", 4 << 20, 1 << 10, 256 << 20,
        "Largest message after inflation.");
    private static final DurationKey CONNECT_TIMEOUT = KEYS.duration("connect-timeout", 10_000, 100, 3_600_000,
        "For name lookup, TCP, TLS and upgrade together.");
    private static final DurationKey LIFETIME = KEYS.duration("lifetime", 0, 0, 2_592_000_000L,
        "Age at which a second connection takes over without an interruption; 0 = never.");
    private static final NumberKey MAX_CONNECTIONS = KEYS.number("max-connections", "no limit",
        Integer.MAX_VALUE, 1, 1_000, "Connections of one feed at a time, to each address.");
    private static final NumberKey MAX_SUBSCRIPTIONS = KEYS.number("max-subscriptions", "no limit",
        Integer.MAX_VALUE, 1, 1_000_000, "Items per connection; more are spread over several connections.");
    private static final KeyTable IDLE = KEYS.section("idle").include("", OpenHours.KEYS);
    private static final DurationKey ANY_FRAME = IDLE.duration("any-frame", 60_000, 0, 86_400_000,
        "Reconnect after this long without any frame; 0 = off.");
    private static final DurationKey DATA = IDLE.duration("data", 0, 0, 86_400_000,
        "Reconnect after this long without data; 0 = off.");
    private static final DurationKey MAX_AGE = IDLE.duration("max-age", 0, 0, 86_400_000,
        "Updates older than this, by the rule's `ts`, do not reset the data watchdog; 0 = off.");
    private static final DurationKey PING = IDLE.duration("ping", 0, 0, 3_600_000,
        "Send a WebSocket ping this often after the login; the pong is a frame for `any-frame`. 0 = off.");
    private static final KeyTable RECONNECT = KEYS.section("reconnect");
    private static final DurationKey MIN = RECONNECT.duration("min", 1_000, 1, 3_600_000,
        "First back-off; it doubles with full jitter.");
    private static final DurationKey MAX = RECONNECT.duration("max", 60_000, 1, 3_600_000, "Longest back-off.");
    private static final DurationKey RESET_AFTER = RECONNECT.duration("reset-after", 30_000, 0, 86_400_000,
        "Data must flow this long before the back-off starts again at `min`.");
    private static final KeyTable RATE = KEYS.section("rate").include("", RateSpec.keys(
        "Messages we may send in any window of `per`, pings and subscriptions together.", true));
    private static final FlagKey COUNT_PONGS = RATE.flag("count-pongs", false, "Whether pongs count too.");

    /**
     * Where to connect. Headers and queries of addresses may hold secrets.
     *
     * @param addresses   by name, addresses that take turns; {@link #MAIN}: those of channels that name none; empty:
     *                    the feed's own configuration must give one
     * @param headers     extra headers of the upgrade request
     * @param subprotocol subprotocol to offer, null = none
     */
    public record Endpoint(Map<String, List<Address>> addresses, Map<String, String> headers, String subprotocol) {
        /** The address of channels that name none. */
        public static final String MAIN = "";

        /** The addresses of channels that name none, in turn. */
        public List<Address> urls() {
            return addresses.get(MAIN);
        }

        /** The addresses of all names. */
        public List<Address> all() {
            return addresses.values().stream().flatMap(List::stream).toList();
        }

        /** Without values of headers: they hold keys. */
        @Override
        public String toString() {
            return addresses + ", headers " + headers.keySet();
        }
    }

    /**
     * How frames carry messages.
     *
     * @param frames           kinds of frames that carry messages
     * @param deflate          offer permessage-deflate
     * @param payload          compression of the payload of binary frames
     * @param split            how a frame holds several documents
     * @param strip            texts before the JSON of a document; the first that fits is removed
     * @param maxFrameBytes    maximum size of a message, all fragments together
     * @param maxInflatedBytes maximum size of a message after inflation
     */
    public record Framing(Frames frames, boolean deflate, PayloadCodec.Kind payload, Split split, List<String> strip,
            int maxFrameBytes, int maxInflatedBytes) {
    }

    /**
     * The two ends of a connection's life.
     *
     * @param connectTimeoutMs for name lookup, TCP, TLS and upgrade together
     * @param lifetimeMs       age at which another connection takes over, 0 = never
     */
    public record Timing(long connectTimeoutMs, long lifetimeMs) {
    }

    /** Which frames carry messages. */
    public enum Frames { TEXT, BINARY, BOTH }

    /** What separates the documents of a frame: nothing, since it holds one; line feeds; 0x1E; their own brackets. */
    public enum Split { NONE, LINES, RECORD_SEPARATOR, DOCUMENTS }

    /** What may be compressed. */
    private enum Compression { OFF, PERMESSAGE_DEFLATE }

    /**
     * Two watchdogs; 0 = off.
     *
     * @param anyFrameMs without any frame for this long, the transport is dead
     * @param dataMs     without data for this long, the subscription is dead
     * @param maxAgeMs   data that are older on arrival, by the venue's own time, do not reset the data watchdog
     * @param pingMs     interval of our pings, 0 = none
     * @param open       hours in which messages are expected
     * @param isQuiet    the market may be silent: any frame resets the data watchdog
     */
    public record Idle(long anyFrameMs, long dataMs, long maxAgeMs, long pingMs, Hours open, boolean isQuiet) {
        /** Open all week. */
        public Idle(final long anyFrameMs, final long dataMs) {
            this(anyFrameMs, dataMs, 0, 0, OpenHours.ALWAYS, false);
        }
    }

    /**
     * Exponential back-off.
     *
     * @param minMs        first delay
     * @param maxMs        longest delay
     * @param resetAfterMs data must flow for this long before the delay starts small again
     */
    public record Reconnect(long minMs, long maxMs, long resetAfterMs) {
    }

    /**
     * Rate limits; null = none.
     *
     * @param send       all that one connection sends: requests, heartbeats, replies
     * @param countPongs pongs count too
     * @param connect    attempts to connect, over all reconnects of the feed
     */
    public record Rates(RateSpec send, boolean countPongs, RateSpec connect) {
    }

    /**
     * Limits of the venue; {@link Integer#MAX_VALUE} = unlimited.
     *
     * @param maxConnections   connections of one feed at the same time, to each of its addresses
     * @param maxSubscriptions items subscribed on one connection
     * @param logins           what a second login does
     */
    public record Limits(int maxConnections, int maxSubscriptions, LoginSpec logins) {
        public static Limits read(final ConfigSection section) {
            return new Limits(MAX_CONNECTIONS.read(section), MAX_SUBSCRIPTIONS.read(section),
                LoginSpec.read(section));
        }
    }

    public static ConnectionSpec read(final ConfigSection section, final VenueVariables variables) {
        final Map<String, String> headers = section.textMap(HEADERS);
        headers.replaceAll((name, value) -> variables.fill(section, HEADERS, value));
        final Compression compression = COMPRESSION.read(section);
        final Endpoint endpoint =
            new Endpoint(addresses(section, variables), Map.copyOf(headers), section.text(SUBPROTOCOL, null));
        final Framing framing = new Framing(FRAMES.read(section), compression == Compression.PERMESSAGE_DEFLATE,
            PAYLOAD.read(section), SPLIT.read(section), strip(section), MAX_FRAME.read(section),
            MAX_INFLATED.read(section));
        final Idle idle = idle(section.section("idle"));
        final long connectTimeoutMs = CONNECT_TIMEOUT.readMs(section);
        final Reconnect reconnect = reconnect(section.section("reconnect"));
        final Rates rates = rates(section);
        final Timing timing = new Timing(connectTimeoutMs, LIFETIME.readMs(section));
        return new ConnectionSpec(endpoint, framing, timing, idle, reconnect, rates, Limits.read(section));
    }

    private static List<String> strip(final ConfigSection section) {
        final List<String> prefixes = section.textOrTexts(STRIP);
        if (prefixes.contains("")) {
            section.problem(STRIP, "has an empty text; name the characters before the JSON, like \"42\"");
        }
        return prefixes;
    }

    private static Map<String, List<Address>> addresses(final ConfigSection section, final VenueVariables variables) {
        final Map<String, List<Address>> addresses = new LinkedHashMap<>();
        addresses.put(Endpoint.MAIN, urls(section, URLS, section.texts(URLS), variables));
        final ConfigSection named = section.section(ADDRESSES);
        for (final String name : named.keys()) {
            addresses.put(name, urls(named, name, named.textOrTexts(name), variables));
            if (addresses.get(name).isEmpty()) {
                named.problem(name, "must be an address, or a list of addresses that take turns");
            }
        }
        if (addresses.size() > 1 && addresses.get(Endpoint.MAIN).isEmpty()) {
            section.problem(URLS, "are missing: channels that name none of addresses have theirs there");
        }
        return Collections.unmodifiableMap(addresses);
    }

    private static List<Address> urls(final ConfigSection section, final String key, final List<String> written,
            final VenueVariables variables) {
        return written.stream().map(url -> url(section, key, url, variables)).toList();
    }

    /** Reports the url as written: its filled-in values may be secret. */
    private static Address url(final ConfigSection section, final String key, final String written,
            final VenueVariables variables) {
        final String url = variables.fillUrl(section, key, written);
        if (!url.startsWith("ws://") && !url.startsWith("wss://") && !url.startsWith("${env:")
                && !VenueVariables.beginsWithLoginValue(url)) {
            section.problem(key, "must begin with ws:// or wss://, got " + new Address(written));
        }
        return new Address(url);
    }

    private static Idle idle(final ConfigSection section) {
        final long anyFrameMs = ANY_FRAME.readMs(section);
        final long dataMs = DATA.readMs(section);
        final long maxAgeMs = MAX_AGE.readMs(section);
        if (maxAgeMs > 0 && dataMs == 0) {
            section.problem(MAX_AGE.name(), "has no effect without data, the time limit for old data; add data = 60s");
        }
        final long pingMs = PING.readMs(section);
        if (pingMs > 0 && anyFrameMs > 0 && pingMs >= anyFrameMs) {
            section.problem(PING.name(), "must be less than any-frame, or its answer comes too late");
        }
        return new Idle(anyFrameMs, dataMs, maxAgeMs, pingMs, OpenHours.read(section), false);
    }

    private static Rates rates(final ConfigSection section) {
        RateSpec send = null;
        boolean countPongs = false;
        if (section.has("rate")) {
            final ConfigSection rate = section.section("rate");
            send = RateSpec.read(rate, true);
            countPongs = COUNT_PONGS.read(rate);
        }
        return new Rates(send, countPongs, RateSpec.read(section, "connect-rate", false));
    }

    private static Reconnect reconnect(final ConfigSection section) {
        section.refuseUnsupported("factor", "jitter");
        final long min = MIN.readMs(section);
        final long max = MAX.readMs(section);
        if (max < min) {
            section.problem(MAX.name(), "must not be less than min");
        }
        return new Reconnect(min, Math.max(min, max), RESET_AFTER.readMs(section));
    }
}
