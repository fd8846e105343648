/**
 * What changed in the relay and in its surroundings, for the operator: the last 1,000 changes.
 *
 * <p>Threads: any.
 */
package penstock.changes;
