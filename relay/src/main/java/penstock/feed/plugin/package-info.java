/**
 * The plugins that come with the relay: what no venue file can say.
 *
 * <p>Threads: none of its own; {@link penstock.feed.VenuePlugin} says which call comes on which.
 */
package penstock.feed.plugin;
