/**
 * The requests to a venue: login, subscriptions, heartbeats, and the correlation of answers with requests.
 *
 * <p>Thread: the feed thread. Does not know about market data.
 */
package penstock.feed.request;
