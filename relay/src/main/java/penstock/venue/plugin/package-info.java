/**
 * Plugins for what a venue file cannot express, such as signatures and checksums, and the ones that ship with the
 * relay.
 *
 * <p>Threads: none of its own; {@link penstock.venue.plugin.VenuePlugin} names the thread of each call.
 */
package penstock.venue.plugin;
