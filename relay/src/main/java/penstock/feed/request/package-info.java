/**
 * What the relay asks a venue: login, subscriptions, heartbeats, and the matching of replies to requests.
 *
 * <p>Thread: the feed thread. Does not know about market data.
 */
package penstock.feed.request;
