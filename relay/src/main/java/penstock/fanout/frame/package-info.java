/**
 * Writes: what is pending for a session as frames in one buffer, and what the socket took of it.
 *
 * <p>Thread: the shard's io thread. Sees the socket as a {@link penstock.fanout.frame.Transport} only.
 */
package penstock.fanout.frame;
