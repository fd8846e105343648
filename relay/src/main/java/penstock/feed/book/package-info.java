/**
 * Order books made complete: a snapshot joined with the changes after it, and recovery from gaps.
 *
 * <p>Thread: the feed thread.
 */
package penstock.feed.book;
