/**
 * Every counter, the latency recorders, the log of distinct errors, and their Prometheus text.
 *
 * <p>Threads: written by their owners, read by whoever scrapes. Knows no other package.
 */
package penstock.telemetry;
