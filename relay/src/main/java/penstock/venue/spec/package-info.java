/**
 * What a venue file says, as immutable records: connection, login, subscriptions, heartbeats, books, sequences.
 *
 * <p>Thread: read at start by the main thread, then read by the feed thread. Does not know about sockets.
 */
package penstock.venue.spec;
