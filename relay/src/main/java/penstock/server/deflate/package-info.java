/**
 * permessage-deflate for subscribers. Optional: only the composition root knows it.
 *
 * <p>Threads: io threads.
 */
package penstock.server.deflate;
