package penstock.feed.tick;

import java.util.Arrays;

/**
 * Is there interest in the topic at all, on this line? Where subscribers decide what is requested, a topic is assigned
 * to one connection group, and only the updates of that group count: a venue goes on sending for a while after an
 * unsubscribe. A feed with fixed symbols accepts everything. Owned by the feed thread.
 */
public final class InterestFilter {
    /** No group requests the topic. */
    public static final int UNASSIGNED = -1;

    private final boolean isOnDemand;
    /** By topic. */
    private int[] groups = new int[64];

    public InterestFilter(final boolean isOnDemand) {
        this.isOnDemand = isOnDemand;
        Arrays.fill(groups, UNASSIGNED);
    }

    /** Makes {@code group} the only source of the topic; {@link #UNASSIGNED}: nothing of the topic counts. */
    public void assign(final int topic, final int group) {
        if (topic >= groups.length) {
            final int size = groups.length;
            groups = Arrays.copyOf(groups, Math.max(size * 2, topic + 1));
            Arrays.fill(groups, size, groups.length, UNASSIGNED);
        }
        groups[topic] = group;
    }

    /** The group that the topic is assigned to. */
    public int group(final int topic) {
        return topic < groups.length ? groups[topic] : UNASSIGNED;
    }

    boolean accepts(final int group, final int topic) {
        return !isOnDemand || group(topic) == group;
    }
}
