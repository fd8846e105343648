/**
 * Recordings that we write ourselves of further crypto exchanges, as in {@code venue.generated}, which has the parts
 * that they share. {@code CryptoVenues} is the entry point.
 *
 * <p>Thread: any one.
 */
package penstock.venue.generated.crypto;
