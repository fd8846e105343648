/**
 * The edge: who may send requests at all, and which connections are let in.
 *
 * <p>Threads: io threads. Knows no endpoint and no session.
 */
package penstock.server.edge;
