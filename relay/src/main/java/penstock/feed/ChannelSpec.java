package penstock.feed;

/**
 * A kind of data of a feed. Its place in the venue's list is the channel's number; the default channel is number 0.
 *
 * @param name       as subscribers ask for it
 * @param conflation how its topics may be conflated
 * @param isDefault  what a subscriber gets who names no channel
 */
public record ChannelSpec(String name, ConflationClass conflation, boolean isDefault) {
}
