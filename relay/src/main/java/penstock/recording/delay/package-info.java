/**
 * Delayed feeds: what another feed of the relay has recorded, played to rules of its own so long after its receipt.
 *
 * <p>Threads: the feed thread, and one thread {@code delayed} for each such feed, which reads the files. Does not know
 * how recordings are written.
 */
package penstock.recording.delay;
