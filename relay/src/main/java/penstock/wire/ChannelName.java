package penstock.wire;

/**
 * The name of a channel, with that of its feed. Immutable.
 *
 * @param feed null: in a request the subscription's own or the first one, in an answer the only one
 * @param name null: in a request the subscription's own or the default one
 */
public record ChannelName(String feed, String name) {
}
