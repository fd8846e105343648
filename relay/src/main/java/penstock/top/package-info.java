/**
 * The terminal view of a relay: looks at its admin API and its metrics, or at its counters file, makes figures of two
 * looks, and screens of figures.
 *
 * <p>Thread: main reads keys and draws; a thread of its own looks at the relay.
 */
package penstock.top;
