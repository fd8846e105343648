/**
 * Every counter, the latency recorders, the log of distinct errors, and their Prometheus text.
 *
 * <p>Threads: written by their owners, read by any thread, and through the mapped file by any process.
 */
package penstock.telemetry;
