/**
 * permessage-deflate for subscribers. Optional: only the composition root knows it.
 *
 * <p>Thread: the shard's io thread.
 */
package penstock.fanout.deflate;
