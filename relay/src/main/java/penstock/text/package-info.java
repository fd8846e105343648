/**
 * Text for people: escaping for the log, masked addresses, suggestions for mistyped names, the version.
 *
 * <p>Thread: any. Everything here is stateless.
 */
package penstock.text;
