/**
 * What {@code scripts/release} cannot do by itself: compares the figures of a release with those of the last one, draws
 * the percentile curves, writes the page of results and turns the page of changes.
 */
package penstock.bench.release;
