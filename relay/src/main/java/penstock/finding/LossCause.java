package penstock.finding;

import java.util.Arrays;

/**
 * Why a feed is not live: the reasons that clients are sent, each with its cause and what to do. The page
 * {@code why-is-it-stale.md} has the same reasons. Immutable.
 */
enum LossCause {
    /** Not connected yet. */
    WAITING("waiting_for_upstream", "there is no connection to the venue yet", "wait; if it lasts, see the log"),
    /** Connected, and silent. */
    NO_DATA("no_data_yet", "the venue is connected and has sent nothing",
        "check feed.symbols: the venue may not know them"),
    /** No connection. */
    UNREACHABLE("upstream_unreachable", "the venue cannot be reached: name lookup, TCP or a proxy failed",
        "check feed.url, feed.proxy, DNS and the firewall"),
    /** No trust. */
    UNTRUSTED("upstream_untrusted", "TLS with the venue failed",
        "check feed.tls, the trust store, the host in feed.url and the venue's certificate"),
    /** Upgrade refused. */
    REFUSED("upstream_refused", "the venue refused the upgrade to WebSocket",
        "check path, key and headers; the log has the HTTP status"),
    /** Lost. */
    DISCONNECTED("upstream_disconnected", "the connection to the venue was lost",
        "the relay reconnects; if it happens often, check the network and the venue's limits"),
    /** Silent. */
    SILENT("upstream_silent", "the venue sent nothing for connection.idle",
        "the relay reconnects; if the market is open, ask the venue, or lengthen connection.idle"),
    /** Error message. */
    ERROR("upstream_error", "the venue sent an error message", "the log has it"),
    /** Gap. */
    GAP("upstream_gap", "messages are missing, and on-gap = reconnect", "the relay reconnects"),
    /** Not RFC 6455. */
    PROTOCOL("upstream_protocol_error", "the venue broke RFC 6455 or a limit",
        "raise connection.max-frame if the log says so; else report it to the venue"),
    /** Another login. */
    EVICTED("upstream_evicted", "another login with the same credentials ended the connection",
        "stop the other program, or give it credentials of its own; the relay logs in again"),
    /** Again and again. */
    CONTESTED("contested", "another program goes on logging in with the same credentials",
        "stop it, or give it credentials of its own; the relay tries again in some minutes"),
    /** Login. */
    LOGIN("login_failed", "the login at the venue failed", "check the credentials; the log says which value"),
    /** The feed thread. */
    STUCK("relay_stuck", "the feed thread has not run for a second: a plugin that blocks, a pause of the Java machine, "
        + "or no free core", "see scripts/relay stat and the load of the machine; report it if neither shows why"),
    /** By the lease. */
    STANDBY("standby", "another relay has the lease, or none can have it, and this one stands by",
        "none while another relay is connected; /admin/v1/lease says which"),
    /** By a reload. */
    REMOVED("removed", "the configuration no longer has the feed",
        "none, if that is meant; else add it again and reload");

    private final String reason;
    private final String cause;
    private final String remedy;

    LossCause(final String reason, final String cause, final String remedy) {
        this.reason = reason;
        this.cause = cause;
        this.remedy = remedy;
    }

    /** The reason that clients are sent. */
    String reason() {
        return reason;
    }

    /** The cause, for people. */
    String cause() {
        return cause;
    }

    /** What to do. */
    String remedy() {
        return remedy;
    }

    /** Of the reason that clients are sent; {@link #WAITING} without one. */
    static LossCause of(final String reason) {
        return Arrays.stream(values()).filter(each -> each.reason.equals(reason)).findFirst().orElse(WAITING);
    }
}
