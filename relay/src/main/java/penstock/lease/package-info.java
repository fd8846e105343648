/**
 * One vendor connection among several relays: the one that holds a lease connects, the others stand by.
 *
 * <p>Thread: {@code lease}, one of its own. Knows neither the feeds nor the store of the lease.
 */
package penstock.lease;
