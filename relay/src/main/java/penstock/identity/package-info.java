/**
 * Who a client is, and what it may see: principals, products, entitlements.
 *
 * <p>Threads: everything here is immutable or safe for any thread, except what a class comment says.
 */
package penstock.identity;
