/**
 * Order books of price levels that are bytes: prices compared as decimals, sizes never interpreted, checksums over the
 * digits.
 *
 * <p>Threads: none of its own; the feed thread and each shard have books of their own.
 */
package penstock.book;
