/**
 * Shards, sessions and subscriptions: who is owed what, and when it may be sent.
 *
 * <p>Thread: the shard's io thread. Knows neither HTTP nor the JSON of the feed.
 */
package penstock.fanout;
