package penstock.ring;

import java.util.List;

/**
 * A feed that comes while the relay runs, or that begins again in the place that it had. Its updates follow. Immutable.
 *
 * @param number    its place among the feeds; it is one more than the last one, or of a feed that was introduced
 * @param run       tells it from every other feed of the relay, also from an earlier one in its place
 * @param name      what clients call it
 * @param channels  those that it has now; one that it had keeps its number
 * @param maxDemand how many symbols a session may name; 0 = its symbols are configured
 * @param sinceUs   when the relay began to wait for it
 */
public record FeedIntroduction(int number, int run, String name, List<Channel> channels, int maxDemand,
        long sinceUs) {
    /** Why its values are not live yet. */
    public static final String WAITING = "waiting_for_upstream";

    /**
     * One of its channels.
     *
     * @param number among the channels of all feeds; a new one is one more than the last one
     */
    public record Channel(int number, String name, ConflationClass conflation, boolean isDefault) {
    }

    /** With a copy of the channels. */
    public FeedIntroduction {
        channels = List.copyOf(channels);
    }
}
