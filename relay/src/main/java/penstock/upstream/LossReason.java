package penstock.upstream;

/** Why there is no upstream connection, in the word that subscribers read in {@code status}. */
public enum LossReason {
    /** No name, no route, refused, or no answer in time. */
    UNREACHABLE("upstream_unreachable"),
    /** TLS failed: not trusted, another host's certificate, expired. */
    UNTRUSTED("upstream_untrusted"),
    /** The server answered the upgrade with something else than 101. */
    REFUSED("upstream_refused"),
    /** Lost after it was open. */
    DISCONNECTED("upstream_disconnected"),
    /** A watchdog ended it. */
    SILENT("upstream_silent"),
    /** The venue itself reports trouble. */
    VENUE_ERROR("upstream_error"),
    /** Messages are missing that a snapshot must replace. */
    GAP("upstream_gap"),
    /** RFC 6455 or a limit was broken. */
    PROTOCOL_ERROR("upstream_protocol_error"),
    /** The venue's login script failed. */
    LOGIN_FAILED("login_failed"),
    /** We ended it. */
    STOPPED("stopped");

    private final String word;

    LossReason(final String word) {
        this.word = word;
    }

    /** The word of the wire protocol. */
    public String word() {
        return word;
    }
}
