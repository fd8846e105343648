/**
 * The one way from the feed thread to the shards: event slot, publisher, poller, and the queue of conflated updates in
 * front of a full ring.
 *
 * <p>Threads: the feed thread writes, every shard reads. Does not interpret the data.
 */
package penstock.ring;
