/**
 * Order books as a venue file describes them: where messages have levels or orders, and how a snapshot is fetched.
 *
 * <p>Thread: the feed thread.
 */
package penstock.venue.book;
