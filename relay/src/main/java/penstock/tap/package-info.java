/**
 * A subscriber for people: prints what a subscriber receives. The client in Java is the subscriber; only payloads
 * without messages of the protocol come by a bare connection of it.
 *
 * <p>Thread: main, and one that prints. Knows the client and the words of the wire protocol.
 */
package penstock.tap;
