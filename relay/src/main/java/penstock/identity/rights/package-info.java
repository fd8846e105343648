/**
 * Rights from a service of the operator, asked over HTTP.
 *
 * <p>Threads: any thread asks, and gets the answer on an executor of its own.
 */
package penstock.identity.rights;
