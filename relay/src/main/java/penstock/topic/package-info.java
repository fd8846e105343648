/**
 * What a shard knows of the feed: channels, topics and the journal.
 *
 * <p>Thread: the shard that owns the table. Knows no sockets, clocks or threads.
 */
package penstock.topic;
