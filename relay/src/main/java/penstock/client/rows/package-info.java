/**
 * Rows as a client reads them: what was announced, and messages that are read by it. Without garbage once warm.
 *
 * <p>Thread: that of the client.
 */
package penstock.client.rows;
