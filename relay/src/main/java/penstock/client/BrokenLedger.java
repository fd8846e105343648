package penstock.client;

/**
 * A ledger that does not add up: {@code q − previous} is not {@code c + 1}, so updates were lost or came twice. The
 * subscription begins again by itself. Please report it. With rows the sum of the sequences of a message may show it
 * before it is known which topic is meant: then there is no symbol, and no sequence.
 *
 * @param channel  of the subscription
 * @param symbol   of the topic; null: the sum of a message of rows does not match
 * @param q        of the update that does not match
 * @param c        of the same
 * @param previous the sequence before
 * @param missed   updates that gaps had announced
 */
public record BrokenLedger(String channel, String symbol, long q, long c, long previous, long missed) {
}
