/**
 * The client in Java: a session with a relay that comes back by itself, goes on where it was, merges changes and books,
 * keeps the digits, and notices a loss. It keeps the rules of {@code relay/docs/reference/client-semantics.md}.
 *
 * <p>Thread: the caller's executor, one task at a time. Knows nothing but the JDK: it is an artefact of its own.
 */
package penstock.client;
