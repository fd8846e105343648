/**
 * A subscriber for people: prints what a subscriber receives.
 *
 * <p>Thread: main and the JDK's client threads. Knows only the wire protocol.
 */
package penstock.tap;
