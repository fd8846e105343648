package penstock.wire;

/** A channel in the welcome message; {@code conflation} is its class as the protocol spells it. Immutable. */
public record ChannelInfo(String name, String conflation, boolean isDefault) {
}
