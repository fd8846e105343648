/**
 * Clocks, timers, back-off and rate windows of the feed thread.
 *
 * <p>Thread: the feed thread. Does not know about connections or venues.
 */
package penstock.time;
