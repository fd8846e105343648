/**
 * One topic of several feeds: which of them sends its next value.
 *
 * <p>Threads: feed.
 */
package penstock.feed.merge;
