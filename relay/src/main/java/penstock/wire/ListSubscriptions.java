package penstock.wire;

/** Asks for the subscriptions of the session. Immutable. */
public record ListSubscriptions(String id) implements Request {
}
