/**
 * The files of the usage ledger: their lines, the chain of hashes, what reads and what appends them, the report.
 *
 * <p>Threads: the thread {@code usage} appends; commands read on the main thread.
 */
package penstock.usage.ledger;
