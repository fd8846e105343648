package penstock.finding;

import java.util.List;
import java.util.Locale;
import penstock.audit.SessionRecord;
import penstock.fanout.harm.BehindCause;

/**
 * Counts sessions whose values are a second later than they asked for, and keeps the latest one of each cause. What
 * clients ask for themselves, such as an interval, does not count. Owned by the io thread that fills it, until it hands
 * it over.
 */
public final class LateSessions {
    private static final long LATE_NS = 1_000_000_000;
    private static final double NS_PER_SECOND = 1e9;
    private static final long NS_PER_US = 1_000;
    /** If more than half of at least ten are late, the reason is common to them. */
    private static final int MANY = 10;

    private final long[] counts = new long[BehindCause.values().length];
    private final long[] latestNs = new long[counts.length];
    private final SessionRecord[] latest = new SessionRecord[counts.length];
    private long open;

    /** A session is open; {@code cause}: null = it is not behind. */
    public void add(final SessionRecord session, final BehindCause cause, final long lateNs) {
        open++;
        if (cause != null && lateNs >= LATE_NS) {
            counts[cause.ordinal()]++;
            keep(cause.ordinal(), session, lateNs);
        }
    }

    /** Adds those of another io thread. */
    public void add(final LateSessions other) {
        open += other.open;
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
            keep(i, other.latest[i], other.latestNs[i]);
        }
    }

    /** Appends that all wait for the relay. */
    void addRelay(final List<OperatorFinding> found, final long nowUs) {
        add(found, BehindCause.RELAY, FindingSeverity.CRITICAL, "the io threads do not come to them in time",
            "more cores, longer intervals or fewer subscribers", nowUs);
    }

    /** Appends that clients are slow, or keep the relay busy. */
    void addClients(final List<OperatorFinding> found, final long nowUs) {
        final boolean isCommon = open >= MANY && counts[BehindCause.SOCKET.ordinal()] * 2 > open;
        add(found, BehindCause.SOCKET, FindingSeverity.WARNING, isCommon
            ? "the sockets of most sessions take no bytes: the network of this machine, or a proxy, is slow"
            : "its socket takes no bytes: the client, or the network to it, is slower than what it asked for",
            isCommon ? "check the network, the proxy and what this machine sends (penstock_bytes_sent_total)"
            : "the others do not wait for it; let it ask for a longer interval or fewer symbols, or close it (kick)",
            nowUs);
        add(found, BehindCause.REQUEST, FindingSeverity.WARNING, "requests that change their subscriptions take long",
            "let the client send fewer symbols in each request", nowUs);
        add(found, BehindCause.RIGHTS, FindingSeverity.WARNING,
            "their subscriptions follow what the client may see by now", "wait; if it lasts, the io threads are busy",
            nowUs);
    }

    private void keep(final int cause, final SessionRecord session, final long lateNs) {
        if (lateNs > latestNs[cause]) {
            latestNs[cause] = lateNs;
            latest[cause] = session;
        }
    }

    private void add(final List<OperatorFinding> found, final BehindCause cause, final FindingSeverity severity,
            final String why, final String remedy, final long nowUs) {
        final int i = cause.ordinal();
        if (counts[i] == 0) {
            return;
        }
        final SessionRecord worst = latest[i];
        final String who = worst.id() + " (" + (worst.principal() == null ? "" : worst.principal() + ", ")
            + worst.address() + ")";
        final String by = String.format(Locale.ROOT, "%.1f s", latestNs[i] / NS_PER_SECOND);
        found.add(new OperatorFinding(severity, counts[i] == 1 ? "session " + worst.id() : "sessions",
            counts[i] + " of " + open + (counts[i] == 1 ? " sessions is late: " : " sessions are late; the latest: ")
            + who + " by " + by, why, nowUs - latestNs[i] / NS_PER_US, remedy));
    }
}
