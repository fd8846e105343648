/**
 * Certificates and keys in PEM files, and what TLS makes of them, for both sides of the relay.
 *
 * <p>Thread: any; nothing is shared.
 */
package penstock.tls;
