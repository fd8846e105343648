package penstock.link.bus;

import java.util.List;
import penstock.link.LinkReplica;

/**
 * The link over a bus as configured. Immutable.
 *
 * @param subjects of the feeds, and of answers
 * @param relayId  the id of this relay among the hops
 * @param limits   what may wait: for its position, and as much again for snapshots
 */
record BusPlan(BusSubjects subjects, String relayId, LinkReplica.Limits limits) {
    /** With the beginnings of the subjects of each feed, and that of the answers. */
    static BusPlan of(final List<String> feeds, final String answers, final String relayId,
            final LinkReplica.Limits limits) {
        return new BusPlan(new BusSubjects(feeds, answers), relayId, limits);
    }
}
