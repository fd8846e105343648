/**
 * The bounds on what clients can make the relay hold, accounted in bytes before memory is allocated.
 *
 * <p>Thread: a share belongs to one io thread.
 */
package penstock.memory;
