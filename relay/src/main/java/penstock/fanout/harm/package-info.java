/**
 * How badly a session is served: how late its values are, and why. Only reads what other packages own.
 *
 * <p>Thread: its shard.
 */
package penstock.fanout.harm;
