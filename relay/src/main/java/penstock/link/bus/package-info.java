/**
 * The link over a bus, NATS: what the relay in front publishes in partitions, its snapshots, and what is missing
 * between.
 *
 * <p>Threads: the feed thread; those of the connection put what comes into a queue.
 */
package penstock.link.bus;
