package penstock.link.bus;

import io.nats.client.NUID;
import java.security.SecureRandom;
import java.util.List;
import org.xnio.XnioIoThread;
import penstock.link.LinkPlan;
import penstock.link.LinkProxy;
import penstock.link.LinkReplica;
import penstock.link.LinkTarget;
import penstock.nats.NatsSettings;
import penstock.telemetry.Telemetry;
import penstock.time.FeedClock;

/**
 * Where a bus is, and what of it is read. Immutable.
 *
 * @param settings of the connection
 * @param subjects the beginnings of the subjects of each feed
 */
public record BusSource(NatsSettings settings, List<String> subjects) {
    private static final String INBOX = "_INBOX.";

    /** With a copy of the subjects. */
    public BusSource {
        subjects = List.copyOf(subjects);
    }

    /**
     * A link over the bus; it does not connect yet.
     *
     * @param thread    the only io thread of the feed's own worker
     * @param relayId   the id of this relay among the hops
     * @param maxTopics of each channel
     */
    public LinkProxy link(final XnioIoThread thread, final String relayId, final int maxTopics,
            final LinkTarget target, final Telemetry telemetry) {
        final FeedClock clock = LinkProxy.clock(thread, telemetry);
        final BusPlan plan = BusPlan.of(subjects, INBOX + NUID.nextGlobal(), relayId,
            new LinkReplica.Limits(maxTopics, LinkPlan.MAX_HELD_BYTES));
        final BusInbox inbox = new BusInbox(plan.subjects(), clock);
        return LinkProxy.of(new BusLink(plan, new NatsLine(settings, inbox), inbox, clock, new SecureRandom(), target,
            LinkProxy.counters(telemetry)), clock);
    }
}
