/**
 * The key of a lease in etcd, by the HTTP/JSON gateway of its version 3.4 and later.
 *
 * <p>Thread: any.
 */
package penstock.lease.etcd;
