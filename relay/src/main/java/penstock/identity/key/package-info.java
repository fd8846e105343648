/**
 * Keys of clients, as a file of hashes that is read again when it changes.
 *
 * <p>Threads: a thread of its own reads the file; any thread looks keys up.
 */
package penstock.identity.key;
