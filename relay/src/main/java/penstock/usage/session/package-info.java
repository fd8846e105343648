/**
 * The usage of sessions: meters that follow what a client may see, answers to requests, and the ledger of a relay.
 *
 * <p>Threads: each io thread has its {@link penstock.usage.session.ShardUsage}.
 */
package penstock.usage.session;
