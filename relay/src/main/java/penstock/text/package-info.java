/**
 * Text for people: escaping for the log, and suggestions for mistyped names.
 *
 * <p>Thread: any. Everything here is stateless.
 */
package penstock.text;
