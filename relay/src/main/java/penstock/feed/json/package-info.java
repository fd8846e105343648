/**
 * A strict scanner over the bytes of one JSON text: checks all of it, keeps the slices that were asked for.
 *
 * <p>Thread: whoever scans. Knows nothing of venues.
 */
package penstock.feed.json;
