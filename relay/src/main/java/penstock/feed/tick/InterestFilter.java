package penstock.feed.tick;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Is there interest in the topic at all, on this line? Where subscribers decide what is requested, a topic is assigned
 * to one connection group, and only the updates of that group count: a venue goes on sending for a while after an
 * unsubscribe. A feed with fixed symbols accepts everything but the topics that a reload took from it. Owned by the
 * feed thread.
 */
public final class InterestFilter {
    /** No group requests the topic. */
    public static final int UNASSIGNED = -1;

    private final boolean isOnDemand;
    /** By topic. */
    private int[] groups = new int[64];
    /** Topics that a feed with fixed symbols no longer has. */
    private final BitSet retired = new BitSet();

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

    /** Nothing of a topic counts any more; or everything again. */
    public void retire(final int topic, final boolean isRetired) {
        retired.set(topic, isRetired);
    }

    /** The group that the topic is assigned to. */
    public int group(final int topic) {
        return topic < groups.length ? groups[topic] : UNASSIGNED;
    }

    boolean accepts(final int group, final int topic) {
        return isOnDemand ? group(topic) == group : !retired.get(topic);
    }
}
