/**
 * What the operator sees of a feed and its connections, as it was at one moment.
 *
 * <p>Thread: any; immutable.
 */
package penstock.feed.report;
