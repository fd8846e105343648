/**
 * Requests of the operator that change something: {@code /admin/v1} of the operator's listener.
 *
 * <p>Threads: io threads.
 */
package penstock.server.admin;
