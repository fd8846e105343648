package penstock.wire;

/** Says who is asking. This version knows nobody, so the token is not kept. Immutable. */
public record Auth(String id) implements Request {
}
