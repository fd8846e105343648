/**
 * The work of {@code scripts/release}: builds, tests and measures a version, compares its figures with those of the
 * last release, draws the percentile curves, writes the page of results and the changelog, and packs the artefacts.
 */
package penstock.bench.release;
