/**
 * The format of a session: what distinguishes WebSocket, compressed or bare, from other ways to send.
 *
 * <p>Thread: the shard's io thread.
 */
package penstock.fanout.format;
