/**
 * How far long work is, in one line of the terminal.
 *
 * <p>Thread: that which works.
 */
package penstock.progress;
