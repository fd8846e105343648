/**
 * The feeds on a bus, NATS: partitions, which are sessions without a socket, and answers to what readers ask.
 *
 * <p>Thread: each partition belongs to an io thread; the connection may be used by any.
 */
package penstock.bus;
