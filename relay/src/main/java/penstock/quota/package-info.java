/**
 * What one client may ask for, over all its sessions and io threads.
 *
 * <p>Threads: any.
 */
package penstock.quota;
