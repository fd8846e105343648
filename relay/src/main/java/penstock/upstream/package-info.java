/**
 * One WebSocket connection to a venue: name lookup, TCP, TLS, upgrade, frames, and reasons for its loss. It does not
 * interpret messages.
 *
 * <p>Thread: the feed thread. Name lookup, HTTP and plugins run on threads of their own.
 */
package penstock.upstream;
