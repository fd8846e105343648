package penstock.wire;

/** A channel as the welcome tells it; {@code conflation} is its class, spelled as in the protocol. Immutable. */
public record ChannelInfo(String name, String conflation, boolean isDefault) {
}
