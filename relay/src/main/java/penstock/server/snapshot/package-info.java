/**
 * {@code /v1/snapshot} and {@code /v1/symbols}: answers made in slices, and shared by all who ask while nothing
 * changes.
 *
 * <p>Threads: io threads.
 */
package penstock.server.snapshot;
