/**
 * The Undertow host: listeners, upgrade, HTTP endpoints, pages.
 *
 * <p>Threads: io threads. Sees shards and sessions, never the ring or the feed.
 */
package penstock.server;
