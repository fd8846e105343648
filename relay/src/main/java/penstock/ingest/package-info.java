/**
 * The feeds of a relay follow the lease: which of several relays is connected to the venues.
 *
 * <p>Thread: any; what the lease says comes on the thread {@code lease}.
 */
package penstock.ingest;
