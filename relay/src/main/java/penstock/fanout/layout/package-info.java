/**
 * Which topic is in which slot of the tables of subscriptions; equal subscriptions share that.
 *
 * <p>Thread: the shard's io thread.
 */
package penstock.fanout.layout;
