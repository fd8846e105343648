/**
 * What clients send and are sent, in slices where it is long, so that it never holds an io thread.
 *
 * <p>Threads: io threads.
 */
package penstock.server.pace;
