/**
 * What the body of a response is sent as: its version, and compressed if the client takes that; pages in one piece.
 *
 * <p>Threads: io threads, workers.
 */
package penstock.server.body;
