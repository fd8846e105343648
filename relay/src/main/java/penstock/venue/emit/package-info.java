/**
 * Normalised values: the fields that a rule chooses from a message, in a fixed order, as one JSON object. Bytes are
 * copied; nothing is computed but the middle and the difference of two prices. No garbage per message.
 *
 * <p>Thread: the feed thread. Does not know about connections, rules or symbols.
 */
package penstock.venue.emit;
