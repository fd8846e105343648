/**
 * The operator's page at {@code /ops}, and the channel {@code $metrics} that it shows: the relay publishes its figures
 * into a ring, topics and shards of their own, so that the page conflates itself and no subscriber sees any of them.
 *
 * <p>Threads: {@code ops}, io threads.
 */
package penstock.server.ops;
