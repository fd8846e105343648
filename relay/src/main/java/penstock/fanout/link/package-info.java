/**
 * The sessions of edges, as those see them who are not their shard.
 *
 * <p>Threads: the io thread of the shard.
 */
package penstock.fanout.link;
