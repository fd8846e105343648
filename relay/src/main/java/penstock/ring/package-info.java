/**
 * The one way from the feed thread to the shards: event slot, publisher, poller.
 *
 * <p>Threads: the feed thread writes, every shard reads. Does not know what the data mean.
 */
package penstock.ring;
