/**
 * The upstream side: connection state machine, venue rules, login, watchdogs, back-off.
 *
 * <p>Thread: "feed", one XNIO io thread for the life of the process. Does not know that there are subscribers.
 */
package penstock.feed;
