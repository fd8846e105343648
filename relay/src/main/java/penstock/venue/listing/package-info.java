/**
 * What the venue files that come with the relay are about, for people. May know {@code config}, {@code ring},
 * {@code venue} and {@code venue.spec}.
 */
package penstock.venue.listing;
