/**
 * Values as a client holds them: JSON read in place, fields, exact decimal numbers, sides of books. Without garbage
 * once warm.
 *
 * <p>Thread: that of the client. Knows nothing but the JDK.
 */
package penstock.client.value;
