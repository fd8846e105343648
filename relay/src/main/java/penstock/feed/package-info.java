/**
 * The feed session: keeps the upstream connections alive, and assigns the subscriptions to them.
 *
 * <p>Thread: the feed thread, one XNIO io thread for the life of the process; {@link penstock.feed.FeedProxy} is the
 * way in from others. Does not know about subscribers.
 */
package penstock.feed;
