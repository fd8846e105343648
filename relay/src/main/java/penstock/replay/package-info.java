/**
 * The other end of an upstream connection: a venue played on loopback from a recording or made up.
 *
 * <p>Thread: one io thread of its own. Serves the commands {@code replay} and {@code demo}, and the tests.
 */
package penstock.replay;
