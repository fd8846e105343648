/**
 * Shards and sessions: what arrives is stored, what is pending is sent, and connections are kept alive or closed.
 *
 * <p>Thread: the shard's io thread. Knows neither HTTP nor the JSON of the feed.
 */
package penstock.fanout;
