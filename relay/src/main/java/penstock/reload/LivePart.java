package penstock.reload;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parts of the configuration that a reload puts into force; what is in none of them needs a restart. The page of
 * the admin API has a table of these.
 */
public enum LivePart {
    /** Who may send requests. */
    EDGE("The next request; the next connection for `proxy-protocol`. Open sessions stay.",
        "server.host-names", "server.allowed-origins", "server.trusted-proxies", "server.proxy-protocol"),
    /** What clients may ask for, all together and by address or name. */
    LIMITS("The next handshake, session or request. What is open stays, also beyond a lower limit, and counts. A quota "
        + "of a client counts from its next handshake on; a session that began without any quota has none.",
        "server.max-sessions", "server.max-sessions-per-address", "server.handshakes-per-second",
        "server.handshakes-per-second-per-address", "server.requests-per-second-per-address",
        "server.subscriptions-per-address", "server.symbols-per-address", "auth.quotas", "limits"),
    /** What one session may ask for, and its times. */
    SESSIONS("Intervals, subscriptions and symbols: the next request of every session; subscriptions keep the interval "
        + "that their `ack` named. Times and `requests-per-second`: new sessions, because `welcome` names them.",
        "fanout.interval", "fanout.limits", "fanout.evict-blocked-after", "fanout.heartbeat", "fanout.ping-every",
        "fanout.pong-within"),
    /** Certificates of the listeners. */
    CERTIFICATES("New connections. Switching TLS on or off needs a restart.", "server.tls", "admin.tls"),
    /** Feeds that come, begin again or leave. */
    FEEDS("At once. A feed that is new connects, as at a start; new sessions find it in `welcome`, open ones can "
        + "subscribe to it. A feed that leaves ends: its connections close, and sessions with subscriptions to it stay "
        + "and get a `status` with `closed` and the reason `removed`. One that comes back, or has changed in any way "
        + "but its symbols, begins again in its place: its topics leave, and come again with its first values for "
        + "those who have subscribed to them. `max-topics` counts for the next new symbol. Needs a restart: the first "
        + "feed if it leaves, because it is that of clients who name none; another name for the only feed of `feed`; "
        + "the same name with a channel of another class, or with symbols that are on demand by now or no more, "
        + "because clients know it differently.",
        "feed", "feeds.*"),
    /** What feeds subscribe to. */
    SYMBOLS("At once: the relay subscribes and unsubscribes at the venue. A topic that leaves is `closed`, for those "
        + "who have it and for those who ask for it later, and keeps its place and its last value until the relay "
        + "restarts; one that comes back is `stale` until its next value. A feed that cannot follow, because its "
        + "symbols are on demand or its venue is not asked for symbols, begins again.",
        "feed.symbols", "feed.channels", "feeds.*.symbols", "feeds.*.channels"),
    /** What is written to the log. */
    LOG("The next line. A level that `POST /admin/v1/log` has set remains unless these change.", "log.level",
        "log.levels"),
    /** Who the clients are, and what they may see. */
    CLIENTS("Within the next turn of each session, without a cut: its subscriptions lose and gain topics. A session "
        + "whose key is gone ends with 4401. A client with a token learns of a product that is new in this file when "
        + "it shows a token again; what a token says is checked when it is shown. Needs a restart together with "
        + "`auth.mode` or `auth.rights`; `products` also while `usage.dir` is set, because the ledger counts by "
        + "product.",
        "products", "auth.keys-file", "auth.sessions", "auth.on-excess", "auth.jwt");

    private static final String ELEMENT = "(?:\"[^\"]*\"|[^.]+)";

    private final String since;
    private final List<String> keys;
    private final Pattern covered;

    LivePart(final String since, final String... keys) {
        this.since = since;
        this.keys = List.of(keys);
        covered = Pattern.compile(this.keys.stream()
            .map(key -> Pattern.quote(key).replace("*", "\\E" + ELEMENT + "\\Q"))
            .collect(Collectors.joining("|", "(?:", ")(?:\\..*)?")));
    }

    /** Its keys; one that is a section stands for all below it, and a star for the name of a feed. */
    public List<String> keys() {
        return keys;
    }

    /** What a change counts for, for people. */
    public String since() {
        return since;
    }

    /** Whether the value of a key belongs to it. */
    public boolean covers(final String key) {
        return covered.matcher(key).matches();
    }
}
