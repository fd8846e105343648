package penstock.venue.spec;

/**
 * A kind of data of a feed. Its place in the venue's list is the channel's number; the default channel is number 0.
 *
 * @param name       as subscribers ask for it
 * @param conflation how its topics may be conflated
 * @param isDefault  what a subscriber gets who names no channel
 * @param silenceMs  a topic that is silent for longer, while others of the channel are not, is stale; 0 = however long
 */
public record ChannelSpec(String name, ConflationClass conflation, boolean isDefault, long silenceMs) {
    /** With topics that may be silent. */
    public ChannelSpec(final String name, final ConflationClass conflation, final boolean isDefault) {
        this(name, conflation, isDefault, 0);
    }
}
