/**
 * Which thread owns an object, and the check that no other thread calls it.
 *
 * <p>Thread: any.
 */
package penstock.thread;
