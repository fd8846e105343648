package penstock.finding;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import penstock.link.LinkReading;

/** Since when something is wrong with the link to the relay in front. Under the lock of {@link FindingWatch}. */
final class LinkWatch {
    private static final String SUBJECT = "link";
    /** A start, or a change from one address to the next, takes less. */
    private static final long DOWN_US = 2_000_000;
    private static final long LATE_NS = 2_000_000_000L;
    private static final double NS_PER_SECOND = 1e9;

    /** Null = there is none; it gives null while none is followed. */
    private Supplier<LinkReading> link;
    private LinkReading seen;
    /** Since when it is not live, or has been late; 0 = it is well. */
    private long downUs;
    private long lateUs;
    private long nowUs;

    private static String remedy(final String url) {
        final boolean isBus = url.startsWith("nats:") || url.startsWith("tls:");
        return "do what the reason says; else see whether " + (isBus ? "a relay publishes on the bus at " + url
            + " (bus.nats there), whether " : "the relay at " + url + " runs, whether ") + "its /readyz answers, and "
            + "look at the network between; the link connects again by itself";
    }

    void of(final Supplier<LinkReading> reading) {
        link = reading;
    }

    /** Once a second. */
    void look(final long now) {
        nowUs = now;
        if (link == null) {
            return;
        }
        seen = link.get();
        if (seen == null) {
            downUs = 0;
            lateUs = 0;
            return;
        }
        downUs = seen.where().isLive() ? 0 : downUs == 0 ? now : downUs;
        lateUs = downUs != 0 || seen.lagNs() < LATE_NS ? 0 : lateUs == 0 ? now : lateUs;
    }

    /** Appends what is wrong; returns whether the link is down, which is why no feed is live. */
    boolean add(final List<OperatorFinding> found) {
        if (downUs != 0 && nowUs - downUs >= DOWN_US) {
            found.add(new OperatorFinding(FindingSeverity.CRITICAL, SUBJECT, seen.hops().isEmpty()
                ? "the relay in front was not reached yet: there are no prices" : "the relay in front of this one is "
                + "lost: its prices are stale", seen.where().state() + ": " + seen.where().detail(), downUs,
                remedy(seen.where().url())));
            return true;
        }
        if (lateUs != 0) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, SUBJECT, String.format(Locale.ROOT,
                "what comes from the relay in front is %.1f s old", seen.lagNs() / NS_PER_SECOND),
                "the line is slower than what comes, or a relay in front or this one is behind", lateUs,
                "see /admin/v1/edges of the relay in front: with why = socket the line or this machine is slow, else "
                + "that relay is"));
        }
        return false;
    }
}
