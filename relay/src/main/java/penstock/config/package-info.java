/**
 * Reads HOCON into checked values: all mistakes at once, each with file, line and remedy.
 *
 * <p>Thread: main, before anything else starts.
 */
package penstock.config;
