/**
 * Signed tokens (RFC 7519, by the rules of RFC 8725), and the keys that verify them (RFC 7517).
 *
 * <p>Threads: a thread of its own reads the keys; threads of its own verify signatures; any thread asks.
 */
package penstock.identity.jwt;
