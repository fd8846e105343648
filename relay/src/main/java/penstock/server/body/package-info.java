/**
 * What the body of a response is sent as: its version, and compressed if the client takes that.
 *
 * <p>Threads: io threads, workers.
 */
package penstock.server.body;
