/**
 * A subscriber for people: prints what a subscriber sees.
 *
 * <p>Thread: main and the JDK's client threads. Knows no other package but the wire protocol.
 */
package penstock.tap;
