package penstock.venue.spec;

import java.util.List;
import java.util.Map;
import penstock.config.ConfigSection;
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
    private static final long HOUR_MS = 3_600_000;

    /**
     * Where to connect. Headers and queries of addresses may hold secrets.
     *
     * @param urls        addresses that take turns; empty: the feed's own configuration must give one
     * @param headers     extra headers of the upgrade request
     * @param subprotocol subprotocol to offer, null = none
     */
    public record Endpoint(List<Address> urls, Map<String, String> headers, String subprotocol) {
        /** Without values of headers: they hold keys. */
        @Override
        public String toString() {
            return urls + ", headers " + headers.keySet();
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
     * @param maxConnections   connections of one feed at the same time
     * @param maxSubscriptions items subscribed on one connection
     * @param logins           what a second login does
     */
    public record Limits(int maxConnections, int maxSubscriptions, LoginSpec logins) {
        public static Limits read(final ConfigSection section) {
            return new Limits(section.integer("max-connections", Integer.MAX_VALUE, 1, 1_000),
                section.integer("max-subscriptions", Integer.MAX_VALUE, 1, 1_000_000), LoginSpec.read(section));
        }
    }

    public static ConnectionSpec read(final ConfigSection section, final VenueVariables variables) {
        final List<Address> urls = section.texts("urls").stream().map(url -> url(section, url, variables)).toList();
        final Map<String, String> headers = section.textMap("headers");
        headers.replaceAll((name, value) -> variables.fill(section, "headers", value));
        final Compression compression = section.choice("compression", Compression.OFF, Compression.class);
        final Endpoint endpoint = new Endpoint(urls, Map.copyOf(headers), section.text("subprotocol", null));
        final Framing framing = new Framing(section.choice("frames", Frames.TEXT, Frames.class),
            compression == Compression.PERMESSAGE_DEFLATE,
            section.choice("payload", PayloadCodec.Kind.NONE, PayloadCodec.Kind.class),
            section.choice("split", Split.NONE, Split.class), strip(section),
            (int) section.bytes("max-frame", 4 << 20, 1024, 256 << 20),
            (int) section.bytes("max-inflated", 4 << 20, 1024, 256 << 20));
        final Idle idle = idle(section.section("idle"));
        final long connectTimeoutMs = section.durationMs("connect-timeout", 10_000, 100, HOUR_MS);
        final Reconnect reconnect = reconnect(section.section("reconnect"));
        final Rates rates = rates(section);
        final Timing timing = new Timing(connectTimeoutMs, section.durationMs("lifetime", 0, 0, 30 * 24 * HOUR_MS));
        return new ConnectionSpec(endpoint, framing, timing, idle, reconnect, rates, Limits.read(section));
    }

    private static List<String> strip(final ConfigSection section) {
        final List<String> prefixes = section.textOrTexts("strip");
        if (prefixes.contains("")) {
            section.problem("strip", "has an empty text; name the characters before the JSON, like \"42\"");
        }
        return prefixes;
    }

    /** Reports the url as written: its filled-in values may be secret. */
    private static Address url(final ConfigSection section, final String written, final VenueVariables variables) {
        final String url = variables.fillUrl(section, "urls", written);
        if (!url.startsWith("ws://") && !url.startsWith("wss://") && !url.startsWith("${env:")
                && !VenueVariables.beginsWithLoginValue(url)) {
            section.problem("urls", "must begin with ws:// or wss://, got " + new Address(written));
        }
        return new Address(url);
    }

    private static Idle idle(final ConfigSection section) {
        final long anyFrameMs = section.durationMs("any-frame", 60_000, 0, 24 * HOUR_MS);
        final long dataMs = section.durationMs("data", 0, 0, 24 * HOUR_MS);
        final long maxAgeMs = section.durationMs("max-age", 0, 0, 24 * HOUR_MS);
        if (maxAgeMs > 0 && dataMs == 0) {
            section.problem("max-age", "has no effect without data, the time limit for old data; add data = 60s");
        }
        final long pingMs = section.durationMs("ping", 0, 0, HOUR_MS);
        if (pingMs > 0 && anyFrameMs > 0 && pingMs >= anyFrameMs) {
            section.problem("ping", "must be less than any-frame, or its answer comes too late");
        }
        return new Idle(anyFrameMs, dataMs, maxAgeMs, pingMs, OpenHours.read(section), false);
    }

    private static Rates rates(final ConfigSection section) {
        RateSpec send = null;
        boolean countPongs = false;
        if (section.has("rate")) {
            final ConfigSection rate = section.section("rate");
            send = RateSpec.read(rate, true);
            countPongs = rate.flag("count-pongs", false);
        }
        return new Rates(send, countPongs, RateSpec.read(section, "connect-rate", false));
    }

    private static Reconnect reconnect(final ConfigSection section) {
        section.refuseUnsupported("factor", "jitter");
        final long min = section.durationMs("min", 1_000, 1, HOUR_MS);
        final long max = section.durationMs("max", 60_000, 1, HOUR_MS);
        if (max < min) {
            section.problem("max", "must not be less than min");
        }
        return new Reconnect(min, Math.max(min, max), section.durationMs("reset-after", 30_000, 0, 24 * HOUR_MS));
    }
}
