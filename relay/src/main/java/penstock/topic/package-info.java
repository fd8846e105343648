/**
 * What a shard remembers of the feed: channels, topics, their newest images and versions.
 *
 * <p>Thread: the shard that owns the table. Knows no sockets, clocks or threads.
 */
package penstock.topic;
