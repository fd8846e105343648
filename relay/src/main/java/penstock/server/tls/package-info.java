/**
 * TLS between clients and the listeners: certificates that change while the relay runs, and connections whose records
 * the io threads encrypt in shared buffers. Knows nothing of HTTP but the certificate of a request's client.
 *
 * <p>Threads: io threads; the files of certificates are read by workers.
 */
package penstock.server.tls;
