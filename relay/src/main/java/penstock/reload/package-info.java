/**
 * A configuration that is read again while the relay runs: what changes at once, and what needs a restart.
 *
 * <p>Threads: any, one reload at a time.
 */
package penstock.reload;
