/**
 * Connections that need values before they can be opened: tokens, keys and addresses that are read at each login.
 *
 * <p>Thread: the feed thread, and one for each login that waits for its values. Does not know where a value is from.
 */
package penstock.upstream.login;
