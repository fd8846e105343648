/**
 * The optional endpoint {@code /v1/raw}. Only the composition root knows this package.
 *
 * <p>Threads: io threads.
 */
package penstock.server.raw;
