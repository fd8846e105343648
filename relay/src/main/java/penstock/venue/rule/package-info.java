/**
 * The expression language of a venue file: expressions, filters, conditions, timestamps and templates. Each is
 * compiled once when the file is read. Evaluation per frame makes no garbage, except for string escapes and for
 * filters that need it.
 *
 * <p>Thread: the feed thread. Does not know about connections or channels.
 */
package penstock.venue.rule;
