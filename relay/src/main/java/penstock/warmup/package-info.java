/**
 * Requests that the relay makes while it starts, of a server with topics of its own: those of the first clients then
 * find loaded classes.
 *
 * <p>Thread: {@code warm-up}.
 */
package penstock.warmup;
