/**
 * The feed session: keeps the upstream connections, and turns their messages into one gap-checked stream of updates.
 *
 * <p>Thread: the feed thread, one XNIO io thread for the life of the process. Does not know about subscribers.
 */
package penstock.feed;
