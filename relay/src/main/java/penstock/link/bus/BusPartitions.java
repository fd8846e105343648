package penstock.link.bus;

import java.util.ArrayList;
import java.util.List;
import penstock.link.LinkReplica;

/** All partitions of a link. Owned by the feed thread. */
final class BusPartitions {
    private final BusPlan plan;
    private final List<BusPartition> all = new ArrayList<>();

    BusPartitions(final BusPlan plan) {
        this.plan = plan;
        for (int i = 0; i < plan.subjects().count(); i++) {
            all.add(new BusPartition(i, plan.limits().maxHeldBytes()));
        }
    }

    BusPartition get(final int number) {
        return all.get(number);
    }

    /** All of them need snapshots. */
    void reset() {
        all.forEach(BusPartition::reset);
    }

    /** There is a new connection: what was asked over an earlier one is asked again at once. */
    void hurry() {
        all.forEach(BusPartition::hurry);
    }

    /** Whether all have snapshots. */
    boolean areComplete() {
        return all.stream().allMatch(BusPartition::isComplete);
    }

    /** Whether no more may wait. */
    boolean areFull() {
        return all.stream().mapToLong(BusPartition::bytes).sum() > plan.limits().maxHeldBytes();
    }

    /** Asks for the snapshots that are due; returns whether there were any. */
    boolean ask(final BusLine line, final long nowNs) {
        boolean isAny = false;
        for (final BusPartition partition : all) {
            if (line.isConnected() && partition.isDue(nowNs)) {
                isAny = true;
                line.ask(plan.subjects().request(partition.number()),
                    plan.subjects().answers(partition.number(), partition.ask(nowNs)));
            }
        }
        return isAny;
    }

    /** One of which nothing has come for as long; null if there is none. */
    BusPartition silent(final long nowNs, final long forNs) {
        return all.stream().filter(each -> nowNs - each.lastNs() >= forNs).findFirst().orElse(null);
    }

    /** What the snapshots say of the relay, for each feed. */
    List<BusOffer> offers() {
        final List<BusOffer> offers = new ArrayList<>();
        for (final BusPartition partition : all) {
            if (BusSubjects.feed(partition.number()) == offers.size()) {
                offers.add(BusOffer.read(partition.pieces(), plan.limits().maxHeldBytes()));
            }
        }
        return offers;
    }

    /** Joins all: what they have goes to the lines. */
    void join(final LinkReplica.Line[] lines, final List<BusOffer> offers, final LinkReplica replica,
            final long nowNs) {
        int feed = -1;
        for (final BusPartition partition : all) {
            final boolean isFirst = BusSubjects.feed(partition.number()) != feed;
            feed = BusSubjects.feed(partition.number());
            final LinkReplica.Line line = lines[partition.number()];
            line.of(offers.get(feed).feed(), isFirst);
            partition.join(line, replica, nowNs);
        }
    }
}
