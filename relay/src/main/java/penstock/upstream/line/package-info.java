/**
 * Feeds without WebSocket: one JSON document a line, from the standard input or over TCP.
 *
 * <p>Threads: the feed thread; a source has a thread of its own that blocks. Nothing is sent.
 */
package penstock.upstream.line;
