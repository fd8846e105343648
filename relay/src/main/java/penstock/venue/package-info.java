/**
 * The compiled rules of a venue: they turn a frame into topics, values, sequence numbers and control messages.
 *
 * <p>Thread: the feed thread. Does not know about sockets or subscribers.
 */
package penstock.venue;
