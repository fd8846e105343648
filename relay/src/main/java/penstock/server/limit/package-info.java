/**
 * What clients may make the io threads do, and how many may connect.
 *
 * <p>Threads: io threads. Knows nothing of HTTP.
 */
package penstock.server.limit;
