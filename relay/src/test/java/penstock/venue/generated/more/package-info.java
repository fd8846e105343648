/**
 * Recordings that we write ourselves of further venues, as in {@code venue.generated}, which has the parts that they
 * share. {@code MoreVenues} is the entry point.
 *
 * <p>Thread: any one.
 */
package penstock.venue.generated.more;
