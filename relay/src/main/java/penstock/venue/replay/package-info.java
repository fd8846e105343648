/**
 * How a replay server plays the venue: its greetings, its answers to clients and its pings, as the venue file's
 * {@code replay} says. Test tools use it; the relay itself does not.
 *
 * <p>Thread: the replay server's. Does not know about sockets or recordings.
 */
package penstock.venue.replay;
