/**
 * What a client uses of its surroundings: WebSockets, a clock, timers, an executor. The first three are interfaces, so
 * that tests turn them by hand.
 *
 * <p>Thread: any; what they call goes to the client's executor. Knows nothing but the JDK.
 */
package penstock.client.socket;
