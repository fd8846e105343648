package penstock;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.AuthConfig;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.ServerConfig;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.feed.FeedPlan;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.server.RelayServer;
import penstock.server.tls.ServerTls;
import penstock.telemetry.TelemetryDirectory;
import penstock.text.Suggestion;
import penstock.text.Version;
import penstock.tls.CertifiedKey;
import penstock.tls.TlsContexts;
import penstock.topic.Channel;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;

/** The settings of a relay's parts, derived from a configuration and a venue that fit together. Immutable. */
final class RelayPlan {
    private static final Logger LOG = LoggerFactory.getLogger(RelayPlan.class);
    /** A symbol of 20 characters in a request, with quotes, comma and blank. */
    private static final int SYMBOL_BYTES = 24;

    private final RelayConfig config;
    private final Venue venue;
    private final FeedPlan feed;
    private final ServerTls subscribersTls;
    private final ServerTls operatorsTls;
    private final SSLContext feedTls;

    /**
     * Reads the certificates too. Throws {@link IllegalArgumentException} if they are of no use, or if configuration
     * and venue do not fit together, with the remedy.
     */
    RelayPlan(final RelayConfig config, final Venue venue) {
        this.config = config;
        this.venue = venue;
        if (!venue.missingVariables().isEmpty()) {
            throw new IllegalArgumentException("venue " + venue.name()
                + " needs environment variables that are not set: " + String.join(", ", venue.missingVariables()));
        }
        feed = FeedPlan.of(venue, config.feed());
        refuseUnknownChannels();
        subscribersTls = tls("server.tls", config.server().listen().tls());
        operatorsTls = tls("admin.tls", config.admin().tls());
        feedTls = tls(config.feed().access().tls());
        warnOfSmallFrames();
        warnOfOpenDoor();
    }

    /** A product of a channel that does not exist would grant nothing, and no client would learn why. */
    private void refuseUnknownChannels() {
        final List<String> known = venue.channels().stream().map(ChannelSpec::name).toList();
        config.products().forEach((product, granted) -> granted.channels().forEach(channel -> {
            if (!known.contains(channel)) {
                throw new IllegalArgumentException("products." + product + ".channels: venue " + venue.name()
                    + " has no channel " + channel + "; " + Suggestion.remedy(channel, known));
            }
        }));
    }

    private static ServerTls tls(final String section, final ServerConfig.Tls tls) {
        return tls.isOn() ? new ServerTls(section, tls) : null;
    }

    private static SSLContext tls(final FeedConfig.Tls tls) {
        if (tls.authorities() == null && tls.certificate() == null) {
            return null;
        }
        final CertifiedKey own = tls.certificate() == null ? null
            : CertifiedKey.read("feed.tls.", Path.of(tls.certificate()), Path.of(tls.key()));
        if (own != null && own.warning(Instant.now()) != null) {
            LOG.warn("feed.tls: {}", own.warning(Instant.now()));
        }
        return TlsContexts.of(own, tls.authorities() == null ? null
            : TlsContexts.authorities("feed.tls.authorities", Path.of(tls.authorities())));
    }

    /** Whom the feed trusts, and what it shows; null = the JVM's trust store, and nothing. */
    SSLContext feedTls() {
        return feedTls;
    }

    /** Null = subscribers speak plain HTTP. */
    ServerTls subscribersTls() {
        return subscribersTls;
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

    /** Everyone who reaches the port sees everything. */
    private void warnOfOpenDoor() {
        if (config.auth().mode() == AuthConfig.Mode.NONE && !config.server().listen().isLoopback()) {
            LOG.warn("server.host = {} lets other machines connect, and auth.mode = none lets every client see "
                + "everything: set auth.mode = keys and auth.keys-file, or server.host = 127.0.0.1",
                config.server().listen().host());
        }
    }

    FeedPlan feed() {
        return feed;
    }

    /** New channels of the venue; a shard needs its own, because they hold its topics and account its views. */
    List<Channel> channels(final MemoryShare memory) {
        final List<Channel> channels = new ArrayList<>();
        for (final ChannelSpec spec : venue.channels()) {
            channels.add(new Channel(channels.size(), spec.name(), spec.conflation().spelling(), spec.isDefault(),
                memory));
        }
        return channels;
    }

    SessionSettings sessions() {
        final var fanout = config.fanout();
        final String name = config.feed().identity().name() == null ? venue.name() : config.feed().identity().name();
        final SessionTimeouts timeouts = new SessionTimeouts(TimeUnit.MILLISECONDS.toNanos(fanout.heartbeatMs()),
            TimeUnit.MILLISECONDS.toNanos(fanout.pingEveryMs()), TimeUnit.MILLISECONDS.toNanos(fanout.pongWithinMs()),
            TimeUnit.MILLISECONDS.toNanos(fanout.evictBlockedAfterMs()));
        return new SessionSettings(name, Version.TEXT, (int) fanout.interval().defaultMs(), timeouts,
            RelayServer.limits(config));
    }

    /** A payload must fit into half of the payload ring, wherever the last one ended. */
    int payloadBytes() {
        return Math.max(config.ring().bytes(), 2 * venue.connection().framing().maxFrameBytes());
    }

    /** Bytes by use, for all shards together. */
    Map<MemoryUse, Long> memory() {
        final var memory = config.limits().memory();
        return Map.of(MemoryUse.PARTIAL_MESSAGES, memory.partialMessagesBytes(),
            MemoryUse.RESPONSES, memory.responsesBytes(), MemoryUse.NAMES, memory.namesBytes(),
            MemoryUse.VIEWS, memory.viewsBytes(), MemoryUse.SUBSCRIPTIONS, memory.subscriptionsBytes());
    }

    Path telemetryDirectory() {
        return config.telemetry().dir() == null ? TelemetryDirectory.ofPort(config.server().listen().port())
            : Path.of(config.telemetry().dir());
    }
}
