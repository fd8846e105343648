/**
 * Subscriptions: their options, their symbols, and what each was sent.
 *
 * <p>Thread: the shard's io thread. Knows neither sockets nor frames.
 */
package penstock.fanout.subscription;
