/**
 * The feeds of a running relay: those of the start, and those that come, begin again or leave when the configuration is
 * read again.
 *
 * <p>Threads: the one that starts the relay, then that of a reload, one at a time.
 */
package penstock.running;
