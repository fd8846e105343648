/**
 * A relay behind another one: the link to it, in place of feeds of its own.
 *
 * <p>Threads: the feed thread; any thread asks.
 */
package penstock.edge;
