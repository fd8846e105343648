/**
 * Connections to NATS: where the servers are, how the relay logs in, what waits, what is wrong; and the headers of the
 * messages there.
 *
 * <p>Threads: {@code bus} connects and publishes; any thread asks.
 */
package penstock.nats;
