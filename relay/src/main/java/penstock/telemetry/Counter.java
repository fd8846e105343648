package penstock.telemetry;

import java.util.Locale;

/** Everything that the relay counts, with a sentence each: the help text in {@code /metrics}. Immutable. */
public enum Counter {
    /** Upstream. */
    FEED_FRAMES("Data frames received from the upstream."),
    FEED_BYTES("Payload bytes received from the upstream."),
    FEED_UPDATES("Updates that venue rules extracted from upstream frames."),
    FEED_IGNORED("Upstream messages that a venue rule ignores."),
    FEED_UNMATCHED("Upstream messages that no venue rule matched."),
    FEED_NOT_JSON("Upstream frames that are not valid JSON and match no text rule."),
    FEED_UNDECODABLE("Binary upstream frames that cannot be decompressed, or exceed the limit when decompressed."),
    FEED_EVENTS("Updates of event channels."),
    FEED_EVENTS_LATE("Events delivered after events with larger numbers of the venue."),
    FEED_EVENTS_MISSED("Events missing from the venue's sequence numbers; subscribers get a gap message."),
    FEED_TOPICS_SILENT("Topics marked stale because they were silent while other topics of their channel had updates."),
    FEED_UNSYNCED(
        "Changes of merged channels and order books dropped because the connection had sent no snapshot yet."),
    FEED_SNAPSHOTS("Order book snapshots that were asked for and fit the changes."),
    FEED_SNAPSHOTS_FAILED(
        "Fetches of order book snapshots that failed, or returned one older than the buffered changes."),
    FEED_SNAPSHOT_CHANGES_DROPPED(
        "Buffered changes dropped before their snapshot was fetched: the buffer was full, or a change was missing."),
    FEED_GAPS("Gaps in the venue's sequence numbers."),
    FEED_CHECKSUMS_WRONG("Order books that differ from the venue's checksum."),
    FEED_ARBITRATED("Updates dropped because another connection had delivered them, or newer ones, before."),
    FEED_DUPLICATES("Upstream messages dropped because their sequence number is not new."),
    FEED_SYMBOLS_REFUSED("Updates dropped because their symbol is new and feed.max-topics is reached, or because no "
        + "subscriber can ask for it: it has over 128 characters, or a control character."),
    FEED_SYMBOL_COLLISIONS("Symbols that keep the venue's spelling because another symbol has the name that the venue "
        + "file gives them."),
    FEED_HEARTBEATS("Heartbeats, acks and session messages of the venue."),
    FEED_REFUSED("Requests of the relay that the venue rejected."),
    FEED_CONNECTS("Upstream connections opened."),
    FEED_CONNECT_FAILURES("Upstream connection attempts that failed."),
    FEED_DISCONNECTS("Open upstream connections lost."),
    FEED_PROTOCOL_ERRORS("Upstream connections closed because the venue broke RFC 6455 or a limit."),
    FEED_SILENCES("Upstream connections closed by a watchdog because they were silent."),
    FEED_EVICTIONS("Upstream connections that another login with the same credentials ended or refused."),
    FEED_CONTESTED(
        "Times that the relay stopped a duel with another program for the same login, and waits for minutes."),
    FEED_ROLLOVERS("Upstream connections replaced by another one without interruption."),
    FEED_PINGS("Upstream pings answered."),
    LINK_BEGUN("Subscriptions of the link to another relay that began with all images."),
    LINK_RESUMED("Subscriptions of the link to another relay that went on where they were after a reconnect."),
    LINK_RESUMES_REFUSED("Subscriptions of the link that could not go on where they were, and began with all images."),
    LINK_GAPS("Gaps in the events of the link: the relay in front had overwritten them, and subscribers get a gap."),
    LINK_REFUSALS("Relays that the link did not follow: a loop, too many hops, an older epoch, a refused request."),
    LINK_OVERFLOWS("Times that the link began again because too much waited: for its position, for a snapshot, or for "
        + "the feed thread."),
    LINK_BUS_GAPS("Times that the number of a message of the bus was missing: the feeds are stale until snapshots have "
        + "come."),
    LINK_BUS_SNAPSHOTS("Snapshots of partitions of the bus that the link was sent."),

    /** Ring. */
    RING_CONFLATED("Updates conflated while the ring was full."),
    RING_DROPPED("Updates dropped while the ring was full: events, and merged updates that grew too large."),
    RING_FULL("Times that the ring was full."),
    RING_TOO_LARGE("Updates too large for the ring."),

    /** Fan-out. */
    UPDATES_STORED("Updates stored by this shard."),
    UPDATES_MISSED("Missing updates that this shard learned of: dropped before the ring, or missing at the venue."),
    EVENTS_STORED("Events stored by this shard."),
    TOPIC_STATES("Topic state changes that this shard learned of: stale, closed, live again."),
    UPDATES_DELIVERED("Updates handed to subscribers' sockets."),
    UPDATES_CONFLATED("Updates conflated into a later one for a subscriber."),
    UPDATES_IN_GAPS("updates_gapped",
        "Updates of lossless subscriptions reported in gaps: no longer in the journal, or never received."),
    GAPS_SENT("Gap messages handed to subscribers' sockets."),
    IMAGES_DELIVERED("Images sent in snapshots."),
    FRAMES_SENT("WebSocket frames handed to subscribers' sockets."),
    FRAMES_DEFLATED("Frames sent compressed, to sessions with permessage-deflate."),
    FRAMES_SHARED("Compressed frames reused from another session or an earlier send."),
    DEFLATE_BYTES_IN("Payload bytes before compression."),
    DEFLATE_BYTES_OUT("Payload bytes after compression."),
    BYTES_SENT("Bytes accepted by subscribers' sockets."),
    WRITES("Write calls on subscribers' sockets."),
    WRITES_BLOCKED("Writes that a subscriber's socket accepted only in part."),
    SLICES_YIELDED("Turns cut at the end of their time slice."),
    LONG_HOLDS("Tasks that held the io thread for more than 3 ms."),
    HANDLER_FAILURES("Ring events whose handler failed."),
    FEED_STUCK("Times that the feed thread gave no sign of life for a second, and this shard marked the feed stale."),

    /** Sessions. */
    SESSIONS_OPENED("Sessions opened."),
    SESSIONS_CLOSED("Sessions closed, for any reason."),
    SESSIONS_TIMED_OUT("sessions_dead",
        "Sessions closed because the client accepted no byte or answered no ping in time."),
    SESSIONS_VIOLATED("Sessions closed because the client broke RFC 6455 or a limit."),
    SESSIONS_REFUSED("Session requests refused: relay full or draining, quota used up, or request malformed."),
    SUBSCRIPTIONS_OPENED("Subscriptions opened."),
    SUBSCRIPTIONS_CLOSED("Subscriptions closed."),
    REQUESTS("Requests from subscribers."),
    REQUESTS_OVER_MEMORY("Requests refused because limits.memory leaves no room for them."),
    REQUESTS_REFUSED("Requests from subscribers answered with an error."),
    REQUESTS_LIMITED("Requests from subscribers over the rate limit."),
    WORK_REFUSED("Requests refused because their address asked for too much work."),
    RESPONSES_REFUSED("HTTP requests refused because there was no memory for the answer."),
    PROXY_HEADERS_REFUSED("Connections of trusted proxies closed because their PROXY header was missing or malformed."),
    CONNECTIONS_REFUSED("Connections beyond the limit: refused with 503, or closed before their request."),
    TLS_HANDSHAKES("TLS handshakes completed."),
    TLS_HANDSHAKES_FAILED("Connections that ended before their TLS handshake was complete."),
    TLS_ON_PLAIN_PORT("Connections that began TLS on a port of plain HTTP, and were ended."),
    HALF_MESSAGES_CUT("Connections closed because half messages took all the memory there is for them."),
    TLS_UNSENT_CUT("Connections of slow readers closed because unsent TLS records took all their memory."),
    AUTH_MISSING("Requests without a token, and connections closed because no auth message came first, or in time."),
    TOKENS_INVALID("Tokens and tickets refused because they are not valid."),
    TOKENS_EXPIRED("Tokens refused because they have expired, and sessions closed because theirs has."),
    SESSIONS_REVOKED("Sessions closed because their client was removed."),
    SESSIONS_OVER_LIMIT("Sessions beyond what their client may have at once: refused, or let in (auth.on-excess)."),
    /** Sessions closed for a newer one of the same client. */
    SESSIONS_EVICTED("Sessions closed because their client began another one and had as many as it may have."),
    TICKETS_ISSUED("One-time tickets issued."),

    /** The service of the operator that takes products away. */
    RIGHTS_ASKED("Requests to auth.rights.url."),
    RIGHTS_FAILED("Requests to auth.rights.url that failed, or were not answered as they should be."),
    RIGHTS_MISSING("Clients left without products because auth.rights.url gave no answer that still counts.");

    private final String sentence;
    private final String metric;

    Counter(final String sentence) {
        this.sentence = sentence;
        metric = "penstock_" + name().toLowerCase(Locale.ROOT) + "_total";
    }

    /** A counter whose metric keeps the name that dashboards know. */
    Counter(final String metricName, final String sentence) {
        this.sentence = sentence;
        metric = "penstock_" + metricName + "_total";
    }

    /** The help text, one sentence. */
    public String sentence() {
        return sentence;
    }

    /** The name in Prometheus text. */
    public String metric() {
        return metric;
    }

    /**
     * True if {@code owner} writes this counter: the feed thread those of feed and ring, rights their own, a shard all
     * others. Of several feeds each has its own counters, and {@code feed/} has those of the ring.
     */
    boolean isOf(final String owner) {
        return switch (owner) {
            case "feed" -> ordinal() < UPDATES_STORED.ordinal();
            case "feed/" -> ordinal() >= RING_CONFLATED.ordinal() && ordinal() < UPDATES_STORED.ordinal();
            case "rights" -> ordinal() >= RIGHTS_ASKED.ordinal();
            default -> owner.startsWith("feed/") ? ordinal() < RING_CONFLATED.ordinal()
                : ordinal() >= UPDATES_STORED.ordinal() && ordinal() < RIGHTS_ASKED.ordinal();
        };
    }
}
