/**
 * The far end of an upstream connection: a venue on loopback that plays a recording or random prices.
 *
 * <p>Thread: one io thread of its own. Serves the commands {@code replay} and {@code demo}, and the tests.
 */
package penstock.replay;
