/**
 * The edges behind this relay, for the operator.
 *
 * <p>Threads: the io threads.
 */
package penstock.server.links;
