/**
 * The link of an edge: the one feed of a relay that mirrors another relay. Connection and liveness, subscriptions and
 * interest, the order in which everything is released to the ring.
 *
 * <p>Thread: feed.
 */
package penstock.link;
