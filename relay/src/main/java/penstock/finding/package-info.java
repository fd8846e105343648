/**
 * What is wrong with a relay now, why, and what to do: rules over its counts, its feeds and its sessions.
 *
 * <p>Thread: the first shard looks at the counts once a second; any io thread asks.
 */
package penstock.finding;
