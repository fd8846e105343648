package penstock.wire;

/** What a subscriber can ask. */
public sealed interface Request permits Subscribe, Unsubscribe, ListSubscriptions, Ping, Auth {
    /** The request's id as JSON text ({@code 7}, {@code "a"}), to be echoed; null when it has none. */
    String id();
}
