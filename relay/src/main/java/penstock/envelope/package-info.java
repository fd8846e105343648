/* Generated SBE (Simple Binary Encoding) message codecs.*/
/**
 * Penstock: snapshots and updates
 */
package penstock.envelope;
