/**
 * Makes updates complete: joins a snapshot with the changes after it, checks books, and recovers from gaps.
 *
 * <p>Thread: the feed thread.
 */
package penstock.feed.book;
