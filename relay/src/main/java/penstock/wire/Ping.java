package penstock.wire;

/** Asks for a sign of life. Immutable. */
public record Ping(String id) implements Request {
}
