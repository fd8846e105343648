/**
 * How requests show who their client is: tokens, tickets, and how many sessions each principal has, here and at edges.
 *
 * <p>Threads: io threads. What all of them share is safe for any thread.
 */
package penstock.server.auth;
