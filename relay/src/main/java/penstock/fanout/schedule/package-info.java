/**
 * When a subscription may be sent something: armed, due, holding or blocked, and the deadlines that end a hold.
 *
 * <p>Thread: the shard's io thread. Knows subscriptions as ids and schedules only.
 */
package penstock.fanout.schedule;
