package penstock.telemetry;

import java.util.Locale;

/** Everything the relay counts, a sentence each; the sentence is the help text of {@code /metrics}. */
public enum Counter {
    /** Upstream. */
    FEED_FRAMES("Data frames received from the upstream."),
    FEED_BYTES("Payload bytes received from the upstream."),
    FEED_UPDATES("Updates taken from upstream frames by the venue rules."),
    FEED_IGNORED("Upstream messages that the venue rules say to ignore."),
    FEED_UNMATCHED("Upstream messages that no venue rule matched."),
    FEED_NOT_JSON("Upstream frames that are not valid JSON and no text rule expects."),
    FEED_UNDECODABLE("Binary upstream frames that could not be inflated, or not within the limit."),
    FEED_EVENTS("Updates of channels where each one counts."),
    FEED_EVENTS_MISSED("Events that never came, by the venue's own numbers; subscribers are told in gaps."),
    FEED_TOPICS_SILENT("Topics that turned stale because they were silent while others of their channel went on."),
    FEED_UNSYNCED(
        "Changes of merged channels and order books dropped because no snapshot of the connection came before them."),
    FEED_SNAPSHOTS("Order book snapshots fetched over HTTP."),
    FEED_SNAPSHOTS_FAILED(
        "Fetches of order book snapshots that failed, or brought one that is older than the changes that wait for it."),
    FEED_SNAPSHOT_CHANGES_DROPPED(
        "Changes dropped while they waited for a fetched snapshot: too many, or one between them was missing."),
    FEED_GAPS("Holes in the venue's sequence numbers."),
    FEED_CHECKSUMS_WRONG("Order books that did not match the venue's checksum."),
    FEED_ARBITRATED("Updates dropped because another connection had told them, or newer ones, before."),
    FEED_DUPLICATES("Upstream messages dropped because their sequence number came before."),
    FEED_HEARTBEATS("Heartbeats, acks and session messages of the venue."),
    FEED_REFUSED("Requests of ours that the venue refused."),
    FEED_CONNECTS("Upstream connections that were opened."),
    FEED_CONNECT_FAILURES("Upstream connection attempts that failed."),
    FEED_DISCONNECTS("Upstream connections lost after they were open."),
    FEED_PROTOCOL_ERRORS("Upstream connections dropped for breaking RFC 6455 or a limit."),
    FEED_SILENCES("Upstream connections dropped by a watchdog."),
    FEED_ROLLOVERS("Upstream connections replaced by another without an interruption."),
    FEED_PINGS("Upstream pings answered."),

    /** Ring. */
    RING_CONFLATED("Updates folded in front of a full ring."),
    RING_DROPPED("Updates dropped in front of a full ring: events, and what grew too large."),
    RING_FULL("Times the ring was found full."),
    RING_TOO_LARGE("Updates larger than the ring can carry."),

    /** Fan-out. */
    UPDATES_STORED("Updates stored by this shard."),
    UPDATES_MISSED("Updates dropped in front of the ring, or missing by the venue's numbers, as this shard learned."),
    EVENTS_STORED("Events among the updates stored."),
    TOPIC_STATES("States of single topics that this shard learned: stale, closed, live again."),
    UPDATES_DELIVERED("Updates handed to subscribers' sockets."),
    UPDATES_CONFLATED("Updates folded into a later one for a subscriber."),
    UPDATES_IN_GAPS("updates_gapped",
        "Updates of lossless subscriptions that were no longer kept or never came, told in gaps."),
    GAPS_SENT("Gap messages handed to subscribers' sockets."),
    IMAGES_DELIVERED("Images sent in snapshots."),
    FRAMES_SENT("WebSocket frames handed to subscribers' sockets."),
    FRAMES_DEFLATED("Frames built compressed, for sessions that agreed to permessage-deflate."),
    FRAMES_SHARED("Frames among them that had been compressed for another session, or before."),
    DEFLATE_BYTES_IN("Payload bytes of compressed frames before."),
    DEFLATE_BYTES_OUT("Payload bytes of compressed frames after."),
    BYTES_SENT("Bytes accepted by subscribers' sockets."),
    WRITES("Write calls on subscribers' sockets."),
    WRITES_BLOCKED("Writes that a subscriber's socket took only in part."),
    SLICES_YIELDED("Sweeps cut at the end of their time slice."),
    HANDLER_FAILURES("Ring events whose handling failed."),

    /** Sessions. */
    SESSIONS_OPENED("Sessions opened."),
    SESSIONS_CLOSED("Sessions ended, for whatever reason."),
    SESSIONS_TIMED_OUT("sessions_dead", "Sessions closed because nothing was accepted or answered in time."),
    SESSIONS_VIOLATED("Sessions closed for breaking RFC 6455 or a limit."),
    SESSIONS_REFUSED("Sessions refused before they began: full, draining or malformed."),
    SUBSCRIPTIONS_OPENED("Subscriptions made."),
    SUBSCRIPTIONS_CLOSED("Subscriptions ended."),
    REQUESTS("Requests of subscribers."),
    REQUESTS_REFUSED("Requests of subscribers answered with an error."),
    REQUESTS_LIMITED("Requests of subscribers over the rate limit.");

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

    /** What is counted, in one sentence. */
    public String sentence() {
        return sentence;
    }

    /** The name in Prometheus text. */
    public String metric() {
        return metric;
    }

    /** True when {@code owner} is one that counts this: the feed its own and the ring's, everybody else the rest. */
    boolean isOf(final String owner) {
        return ordinal() < UPDATES_STORED.ordinal() == owner.equals("feed");
    }
}
