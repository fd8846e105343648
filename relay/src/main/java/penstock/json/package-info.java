/**
 * A strict, garbage-free scanner of JSON bytes. It checks the whole text and keeps only the requested slices.
 *
 * <p>Thread: the caller's. Does not know about venues.
 */
package penstock.json;
