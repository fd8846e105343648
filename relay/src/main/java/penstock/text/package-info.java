/**
 * Text for people: escaping for the log, masked addresses, suggestions for mistyped names, the version. And IP
 * addresses as people write them.
 *
 * <p>Thread: any. Everything here is stateless.
 */
package penstock.text;
