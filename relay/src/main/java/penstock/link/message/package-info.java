/**
 * What another relay sends over a link: text messages, envelopes, levels of books, all checked; and what it is asked.
 *
 * <p>Thread: feed.
 */
package penstock.link.message;
