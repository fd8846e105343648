/**
 * The optional endpoint {@code /v1/sse}: server-sent events. Only the composition root knows this package.
 *
 * <p>Threads: io threads.
 */
package penstock.server.sse;
