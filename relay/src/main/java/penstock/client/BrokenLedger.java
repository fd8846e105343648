package penstock.client;

/**
 * A ledger that does not add up: {@code q − previous} is not {@code c + 1}, so updates were lost or came twice. The
 * subscription begins again by itself. Please report it.
 *
 * @param channel  of the subscription
 * @param symbol   of the topic
 * @param q        of the update that does not match
 * @param c        of the same
 * @param previous the sequence before
 * @param missed   updates that gaps had announced
 */
public record BrokenLedger(String channel, String symbol, long q, long c, long previous, long missed) {
}
