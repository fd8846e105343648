/**
 * Every counter, the latency recorders, the log of distinct errors, and the page that Prometheus scrapes.
 *
 * <p>Threads: written by their owners, read by any thread, and through the mapped file by any process.
 */
package penstock.telemetry;
